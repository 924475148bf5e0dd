//! A loaded plugin.

use std::fmt;
use std::sync::Arc;

use crate::access::Access;
use crate::call::CallState;
use crate::contract::{Connection, Description, InstancePre};
use crate::digest::Digest;
use crate::host::Host;
use crate::job_type::JobType;

/// A loaded plugin: compiled, checked against the contract, and asked what it is. Cheap to clone.
///
/// A call keeps the plugin that it started on for as long as it runs, whatever is loaded meanwhile;
/// the machine code goes when the last clone does.
#[derive(Clone)]
pub struct Plugin(pub(crate) Arc<Loaded>);

pub(crate) struct Loaded {
    pub(crate) host: Host,
    pub(crate) component: InstancePre<CallState>,
    pub(crate) description: Description,
    pub(crate) digest: Digest,
}

impl Plugin {
    /// What the plugin says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    /// The SHA-256 of the file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// The host that loaded it.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.0.host
    }

    /// The plugin on behalf of a connection, for a host that never swaps it; one that does asks a
    /// [`Slot`](crate::Slot).
    ///
    /// Keep it for as long as the connection is in use: it holds the credentials, so that they
    /// aren't looked for in each call.
    #[must_use]
    pub fn for_connection(&self, connection: Connection, access: Access) -> JobType {
        JobType::of_plugin(self.clone(), connection, access)
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("id", &self.0.description.id)
            .field("version", &self.0.description.version)
            .field("digest", &self.0.digest)
            .finish_non_exhaustive()
    }
}
