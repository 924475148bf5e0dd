//! A loaded plugin.

use std::fmt;
use std::sync::Arc;

use crate::access::requests::GrantRequests;
use crate::contract::component::Component;
use crate::contract::{Connection, ContractVersion, Description};
use crate::digest::Digest;
use crate::host::Host;
use crate::identity::PluginIdentity;
use crate::loading::unprivileged::Unprivileged;
use crate::sandbox::fault::CallError;
use crate::sandbox::slot_quota::SlotQuota;
use crate::text::answer::cleaned;

/// A loaded plugin: compiled, checked against the contract, and asked what it is. Cheap to clone.
///
/// A call uses the plugin that it began with until it ends, whatever is loaded meanwhile; the machine
/// code is freed with the last clone.
#[derive(Clone)]
pub struct Plugin(Arc<Loaded>);

struct Loaded {
    host: Host,
    component: Arc<dyn Component>,
    description: Description,
    digest: Digest,
    quota: Arc<SlotQuota>,
    bytes: Arc<[u8]>,
}

impl Plugin {
    pub(crate) fn new(
        host: Host,
        component: Arc<dyn Component>,
        description: Description,
        digest: Digest,
        quota: Arc<SlotQuota>,
        bytes: Arc<[u8]>,
    ) -> Self {
        Self(Arc::new(Loaded {
            host,
            component,
            description,
            digest,
            quota,
            bytes,
        }))
    }

    /// What the plugin says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    /// What the plugin asks to be granted for a connection. Nothing of it is granted until a person has
    /// decided so.
    ///
    /// # Errors
    ///
    /// The plugin broke, or what it asks for isn't fit to be shown.
    pub async fn requests(&self, connection: &Connection) -> Result<GrantRequests, CallError> {
        let identity = Arc::new(PluginIdentity {
            id: self.0.description.id.clone(),
            version: self.0.description.version.clone(),
            contract: self.contract(),
            digest: self.0.digest,
            generation: 0,
        });
        let asked = Unprivileged {
            shared: self.0.host.shared(),
            component: self.component(),
            quota: &self.0.quota,
            plugin: &identity,
        };
        let needs = asked.ask("needs", async |guest, store| {
            guest.needs(store, connection).await
        });
        match needs.await.and_then(cleaned) {
            Ok(needs) => Ok(GrantRequests::from_needs(&needs)),
            Err(fault) => Err(CallError {
                plugin: identity,
                function: "needs",
                fault,
            }),
        }
    }

    /// The version of the contract by which the host calls the plugin.
    #[must_use]
    pub fn contract(&self) -> ContractVersion {
        self.0.component.contract()
    }

    /// Whether [`requests`](Self::requests) are exactly what the connection needs. Those of a plugin of
    /// contract 0.1.0 are what any connection may need, in every region and variant of the platform.
    #[must_use]
    pub fn tells_needs_exactly(&self) -> bool {
        self.component().tells_needs_exactly()
    }

    /// The SHA-256 of the component's file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// The component as it was read, to keep a copy of it: its file may be another one by now.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The host that loaded the plugin.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.0.host
    }

    pub(crate) fn component(&self) -> &dyn Component {
        &*self.0.component
    }

    /// What the calls share in all slots that begin with this plugin.
    pub(crate) fn quota(&self) -> &Arc<SlotQuota> {
        &self.0.quota
    }

    /// A function that says whether a clone of the plugin is left.
    #[cfg(test)]
    pub(crate) fn liveness(&self) -> impl Fn() -> bool + use<> {
        let loaded = Arc::downgrade(&self.0);
        move || loaded.strong_count() > 0
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("id", &self.0.description.id)
            .field("version", &self.0.description.version)
            .field("contract", &self.contract())
            .field("digest", &self.0.digest)
            .finish_non_exhaustive()
    }
}
