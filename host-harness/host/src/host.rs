//! The host: what all plugins share. Loading a plugin is in `loading/load.rs`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tracing::warn;
use wasmtime::component::Linker;
use wasmtime::{Config, Engine};

use crate::contract::versions::SERVED;
use crate::egress::client::ReqwestClient;
use crate::egress::transport::HttpClient;
use crate::host_error::HostError;
use crate::host_options::HostOptions;
use crate::limits::Limits;
use crate::limits::memory::SharedMemory;
use crate::loading::compiler::Compiler;
use crate::sandbox::engine::{cache, config, engine};
use crate::sandbox::places::Places;
use crate::sandbox::state::CallState;
use crate::sandbox::ticker::Ticker;

/// Loads plugins, and holds what they all share: the engine, the pool that calls run in, and the
/// HTTP client. One is enough for a process. Cheap to clone.
///
/// Needs a Tokio runtime with its time and I/O drivers enabled.
#[derive(Clone)]
pub struct Host(Arc<Shared>);

/// What the plugins of a host share.
pub(crate) struct Shared {
    pub(crate) limits: Arc<Limits>,
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<CallState>,
    /// [`Limits::concurrent_calls`] places; the engine's pool has a slot for each.
    pub(crate) calls: Places,
    /// [`Limits::concurrent_describes`] places more for loading, so that a plugin whose calls hang
    /// can be replaced.
    pub(crate) describes: Places,
    pub(crate) memory: Arc<SharedMemory>,
    pub(crate) compiler: Compiler,
    pub(crate) http: Arc<dyn HttpClient>,
    _ticker: Ticker,
}

/// What the calls of all plugins of a host use at one moment: zeros when none runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// Calls that run; at most [`Limits::concurrent_calls`](crate::Limits::concurrent_calls).
    pub calls: usize,
    /// Calls that wait for their turn.
    pub waiting: usize,
    /// Component instances, including that of a plugin that is being loaded.
    pub instances: u64,
    /// Linear memories, including those of a plugin that is being loaded.
    pub memories: usize,
    /// Stacks that WebAssembly code runs on.
    pub stacks: usize,
}

impl Host {
    /// A host that keeps plugins to these limits, and compiles each component that it loads. Logs a
    /// warning if calls can hold more memory together than the machine or the container has
    /// ([`Limits::memory_shortfall`]).
    ///
    /// # Errors
    ///
    /// A limit is zero, or the machine can't provide what the limits add up to.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        Self::with_options(limits, &HostOptions::new())
    }

    /// A host that stores the machine code of components in a directory, so that a component that
    /// was compiled once loads in milliseconds. The engine manages that cache and cleans it up; it
    /// identifies an entry by the component, the engine's version and its settings.
    ///
    /// The host runs what is in the directory as machine code. So the directory is made with mode 0700,
    /// or given it, and is refused if others can write to it or to a directory on the way to it.
    ///
    /// # Errors
    ///
    /// As for [`Host::new`], or the directory's path isn't absolute, or the directory can't be
    /// created, or others can write to it.
    pub fn with_cache(limits: Limits, directory: &Path) -> Result<Self, HostError> {
        Self::with_options(limits, &HostOptions::new().with_cache(directory))
    }

    /// A host that is set up in another way.
    ///
    /// # Errors
    ///
    /// As for [`Host::new`], and as for [`Host::with_cache`] where the options have a cache.
    pub fn with_options(limits: Limits, options: &HostOptions) -> Result<Self, HostError> {
        let cache = options.cache.as_deref().map(cache).transpose()?;
        let mut config = config(&limits, cache);
        config.signals_based_traps(options.signal_handlers);
        Self::build(limits, &config)
    }

    /// A host on an engine with this configuration.
    pub(crate) fn build(limits: Limits, config: &Config) -> Result<Self, HostError> {
        limits.check()?;
        if let Some(shortfall) = limits.memory_shortfall() {
            warn!("{shortfall}");
        }
        let engine = engine(config)?;
        let mut linker = Linker::new(&engine);
        SERVED
            .iter()
            .try_for_each(|served| (served.add_to_linker)(&mut linker))
            .map_err(|error| HostError::Engine(format!("{error:#}")))?;
        let ticker = Ticker::start(&engine, limits.epoch_tick).map_err(HostError::Ticker)?;
        Ok(Self(Arc::new(Shared {
            calls: Places::new(limits.concurrent_calls),
            describes: Places::new(limits.concurrent_describes),
            memory: SharedMemory::new(&limits),
            compiler: Compiler::new(&limits.compile)?,
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
        let pool = self.0.engine.pooling_allocator_metrics();
        Usage {
            calls: self.0.calls.taken(),
            waiting: self.0.calls.waiting(),
            instances: pool.as_ref().map_or(0, |pool| pool.component_instances()),
            memories: pool.as_ref().map_or(0, |pool| pool.memories()),
            stacks: pool.as_ref().map_or(0, |pool| pool.stacks()),
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}
