//! The host: loads plugins, and holds what they all share.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine};

use crate::call::{Call, CallState, Session};
use crate::check;
use crate::client::ReqwestClient;
use crate::clock::SystemClock;
use crate::contract::{Instance, InstancePre};
use crate::digest::Digest;
use crate::egress::LastPermit;
use crate::engine::{cache, config, engine};
use crate::error::{ContractMismatch, HostError, LoadError, LoadFault};
use crate::grants::Grants;
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::plugin::{Loaded, Plugin};
use crate::signing::Signer;
use crate::source::{Binary, Source};
use crate::ticker::Ticker;
use crate::transport::HttpClient;

/// Loads plugins, and holds what they all share: the engine, the pool that calls run in, and the
/// HTTP client. One for a process is enough. Cheap to clone.
///
/// Needs a Tokio runtime with its time and I/O drivers on.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

/// What the plugins of a host share.
pub(crate) struct Shared {
    pub(crate) limits: Arc<Limits>,
    pub(crate) engine: Engine,
    /// One permit for each place in the engine's pool that calls may take.
    pub(crate) places: Semaphore,
    /// The one place that is kept for loading, so that a plugin whose calls hang can be replaced.
    loading_place: Semaphore,
    pub(crate) http: Arc<dyn HttpClient>,
    linker: Linker<CallState>,
    _ticker: Ticker,
}

/// What the calls of all plugins of a host use at one moment: zeros when none runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// Calls that have a place in the pool; at most
    /// [`Limits::concurrent_calls`](crate::Limits::concurrent_calls).
    pub calls: usize,
    /// Component instances, that of a plugin that is being loaded included.
    pub instances: u64,
    /// Linear memories.
    pub memories: usize,
    /// Stacks.
    pub stacks: usize,
}

impl Host {
    /// A host that keeps plugins to these limits, and compiles each component that it loads.
    ///
    /// # Errors
    ///
    /// A limit is zero, or the machine can't provide what the limits add up to.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        let config = config(&limits, None);
        Self::build(limits, &config)
    }

    /// A host that keeps the machine code of components in a directory, so that a component that
    /// was compiled once loads in milliseconds. The engine keeps that cache and cleans it up; its
    /// entries are known by the component, the engine's version and its settings.
    ///
    /// What stands in the directory is run as machine code: nobody but this host's user may be able
    /// to write to it.
    ///
    /// # Errors
    ///
    /// As for [`Host::new`], or the directory isn't given by an absolute path or can't be made.
    pub fn with_cache(limits: Limits, directory: &Path) -> Result<Self, HostError> {
        let config = config(&limits, Some(cache(directory)?));
        Self::build(limits, &config)
    }

    /// A host on an engine of this configuration.
    pub(crate) fn build(limits: Limits, config: &Config) -> Result<Self, HostError> {
        limits.check()?;
        let engine = engine(config)?;
        let mut linker = Linker::new(&engine);
        Instance::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut CallState| state)
            .map_err(|error| HostError::Engine(format!("{error:#}")))?;
        let ticker = Ticker::start(&engine, limits.epoch_tick).map_err(HostError::Ticker)?;
        Ok(Self(Arc::new(Shared {
            places: Semaphore::new(permits(&limits)),
            loading_place: Semaphore::new(1),
            http: Arc::new(ReqwestClient::new()?),
            limits: Arc::new(limits),
            engine,
            linker,
            _ticker: ticker,
        })))
    }

    /// The limits that plugins are kept to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What the calls of all plugins use at this moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let free = self.0.places.available_permits();
        let pool = self.0.engine.pooling_allocator_metrics();
        Usage {
            calls: permits(&self.0.limits).saturating_sub(free),
            instances: pool.as_ref().map_or(0, |pool| pool.component_instances()),
            memories: pool.as_ref().map_or(0, |pool| pool.memories()),
            stacks: pool.as_ref().map_or(0, |pool| pool.stacks()),
        }
    }

    /// Loads a component, which takes some seconds of one processor, or milliseconds where it is in
    /// the cache. Made of a path, or of a [`Source`].
    ///
    /// # Errors
    ///
    /// The component can't be read, isn't the one that is pinned, is no component, or doesn't keep
    /// to the contract or the limits.
    pub async fn load(&self, source: impl Into<Source>) -> Result<Plugin, LoadError> {
        let source = source.into();
        let origin = source.origin();
        let binary = self.read(source).await?;
        self.load_binary(&origin, binary).await
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// Reads a component, of which nothing is run.
    pub(crate) async fn read(&self, source: Source) -> Result<Binary, LoadError> {
        let origin = source.origin();
        let limit = self.0.limits.component_bytes;
        let binary = blocking(move || source.read(limit)).await;
        binary.map_err(|fault| LoadError { origin, fault })
    }

    /// Compiles, checks and describes what was read.
    pub(crate) async fn load_binary(
        &self,
        origin: &str,
        binary: Binary,
    ) -> Result<Plugin, LoadError> {
        let Binary { bytes, digest } = binary;
        let shared = Arc::clone(&self.0);
        let loaded = match blocking(move || shared.compile(&bytes)).await {
            Ok(component) => self.describe(component, digest, origin).await,
            Err(fault) => Err(fault),
        };
        match loaded {
            Ok(loaded) => Ok(Plugin(Arc::new(loaded))),
            Err(fault) => Err(LoadError {
                origin: origin.to_owned(),
                fault,
            }),
        }
    }

    /// Asks a component what it is, with nothing granted.
    async fn describe(
        &self,
        component: InstancePre<CallState>,
        digest: Digest,
        origin: &str,
    ) -> Result<Loaded, LoadFault> {
        let call = Call {
            host: &self.0,
            places: &self.0.loading_place,
            component: &component,
            plugin: &Arc::new(PluginIdentity {
                id: origin.to_owned(),
                version: String::new(),
                digest,
                generation: 0,
            }),
            session: &Arc::new(Session {
                limits: Arc::clone(&self.0.limits),
                grants: Grants::none(),
                http: Arc::clone(&self.0.http),
                signer: Signer::without_credentials(),
                clock: Arc::new(SystemClock),
                last_permit: LastPermit::default(),
            }),
            function: "describe",
        };
        let description = call
            .run(async |guest, store| guest.call_describe(store).await)
            .await
            .map_err(LoadFault::Describe)?;
        Ok(Loaded {
            host: self.clone(),
            component,
            description,
            digest,
        })
    }
}

impl Shared {
    fn compile(&self, bytes: &[u8]) -> Result<InstancePre<CallState>, LoadFault> {
        check::format(bytes).map_err(LoadFault::NotAComponent)?;
        if check::is_cut_off(bytes) {
            return Err(LoadFault::Truncated);
        }
        let component = Component::from_binary(&self.engine, bytes)
            .map_err(|error| LoadFault::Invalid(format!("{error:#}")))?;
        check::contract(&self.engine, &component).map_err(LoadFault::Contract)?;
        self.linker
            .instantiate_pre(&component)
            .and_then(InstancePre::new)
            .map_err(|error| {
                // The names are right by now: it can only be the types.
                let problems = vec![format!("{error:#}")];
                LoadFault::Contract(ContractMismatch { problems })
            })
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// Runs what would hold up the executor.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoadFault> + Send + 'static,
) -> Result<T, LoadFault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(LoadFault::Invalid(format!("it can't be compiled: {error}"))),
    }
}

/// How many calls may run, as a number of permits.
fn permits(limits: &Limits) -> usize {
    usize::try_from(limits.concurrent_calls)
        .unwrap_or(Semaphore::MAX_PERMITS)
        .min(Semaphore::MAX_PERMITS)
}
