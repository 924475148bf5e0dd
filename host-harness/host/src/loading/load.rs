//! Loads a plugin: reads it, checks it, compiles it, and calls its `describe` with nothing granted.

use std::fmt::Display;
use std::sync::Arc;

use wasmtime::component::Component;

use crate::contract::component::{self, OtherTypes};
use crate::host::{Host, Shared};
use crate::identity::PluginIdentity;
use crate::loading::error::{ContractMismatch, LoadError, LoadFault};
use crate::loading::plugin::Plugin;
use crate::loading::source::{Binary, Source};
use crate::loading::unprivileged::Unprivileged;
use crate::loading::{complexity, conformance, description, format};
use crate::sandbox::fault::CallFault;
use crate::sandbox::slot_quota::SlotQuota;
use crate::text;

impl Host {
    /// Loads a component from a path or another [`Source`]. That takes some seconds of one
    /// processor, or milliseconds if the component is in the cache.
    ///
    /// # Errors
    ///
    /// The file can't be read, isn't the build that is pinned, isn't a component, or doesn't keep to
    /// the contract or the limits.
    pub async fn load(&self, source: impl Into<Source>) -> Result<Plugin, LoadError> {
        let source = source.into();
        let origin = source.origin();
        let binary = self.read(source).await?;
        self.load_binary(&origin, binary).await
    }

    /// Reads a component without running any of it.
    pub(crate) async fn read(&self, source: Source) -> Result<Binary, LoadError> {
        let origin = source.origin();
        let limit = self.limits().component_bytes;
        let binary = blocking(move || source.read(limit)).await;
        binary.map_err(|fault| LoadError { origin, fault })
    }

    /// Checks, compiles and describes a component that was read from `origin`.
    pub(crate) async fn load_binary(
        &self,
        origin: &str,
        binary: Binary,
    ) -> Result<Plugin, LoadError> {
        let loaded = self.compile_and_describe(origin, binary).await;
        loaded.map_err(|fault| LoadError {
            origin: origin.to_owned(),
            fault,
        })
    }

    async fn compile_and_describe(
        &self,
        origin: &str,
        binary: Binary,
    ) -> Result<Plugin, LoadFault> {
        let Binary { bytes, digest } = binary;
        let bytes: Arc<[u8]> = bytes.into();
        let shared = Arc::clone(self.shared());
        let compiled = Arc::clone(&bytes);
        let component = self
            .shared()
            .compiler
            .run(move || shared.compile(&compiled))
            .await?;
        let quota = Arc::new(SlotQuota::new(self.limits()));
        let asked = Unprivileged {
            shared: self.shared(),
            component: &*component,
            quota: &quota,
            plugin: &Arc::new(PluginIdentity {
                id: origin.to_owned(),
                version: String::new(),
                contract: component.contract(),
                digest,
                generation: 0,
            }),
        };
        let mut description = asked
            .ask("describe", async |guest, store| guest.describe(store).await)
            .await
            .map_err(|fault| match fault {
                CallFault::OtherTypes { .. } => mismatch(fault),
                fault => LoadFault::Describe(fault),
            })?;
        description::check(&description)?;
        text::description::clean(&mut description);
        Ok(Plugin::new(
            self.clone(),
            component,
            description,
            digest,
            quota,
            bytes,
        ))
    }
}

impl Shared {
    fn compile(&self, bytes: &[u8]) -> Result<Arc<dyn component::Component>, LoadFault> {
        format::check(bytes).map_err(LoadFault::NotAComponent)?;
        if format::is_truncated(bytes) {
            return Err(LoadFault::Truncated);
        }
        complexity::check(bytes, &self.limits.compile)?;
        let component = Component::from_binary(&self.engine, bytes)
            .map_err(|error| LoadFault::Invalid(one_line(&error)))?;
        let served = conformance::check(&self.engine, &component).map_err(LoadFault::Contract)?;
        self.linker
            .instantiate_pre(&component)
            .and_then(served.component)
            // The names have been checked, so only the types can be wrong.
            .map_err(|error| mismatch(OtherTypes::new(served.version, &error)))
    }
}

/// Types that aren't those of the contract.
fn mismatch(types: impl Display) -> LoadFault {
    LoadFault::Contract(ContractMismatch {
        problems: vec![types.to_string()],
    })
}

/// An error of the engine, whose message can hold names out of the component.
fn one_line(error: &wasmtime::Error) -> String {
    text::line(&format!("{error:#}"), text::LINE_BYTES).into_owned()
}

/// Runs work that would block the executor.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoadFault> + Send + 'static,
) -> Result<T, LoadFault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(LoadFault::Invalid(format!("it can't be read: {error}"))),
    }
}
