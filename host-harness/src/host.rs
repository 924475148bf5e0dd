//! The host: loads plugins, and holds what they all share.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, Linker};

use crate::call::{Call, CallState, Identity, Session};
use crate::check;
use crate::client::ReqwestClient;
use crate::clock::SystemClock;
use crate::contract::{Instance, InstancePre};
use crate::engine::engine;
use crate::error::{ContractMismatch, HostError, LoadError, LoadFault};
use crate::grants::Grants;
use crate::limits::Limits;
use crate::plugin::{Loaded, Plugin};
use crate::signing::Signer;
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
    /// One permit for each place in the engine's pool.
    pub(crate) places: Semaphore,
    pub(crate) http: Arc<dyn HttpClient>,
    linker: Linker<CallState>,
    _ticker: Ticker,
}

impl Host {
    /// A host that keeps plugins to these limits.
    ///
    /// # Errors
    ///
    /// A limit is zero, or the machine can't provide what the limits add up to.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        limits.check()?;
        let engine = engine(&limits)?;
        let mut linker = Linker::new(&engine);
        Instance::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut CallState| state)
            .map_err(|error| HostError::Engine(format!("{error:#}")))?;
        let ticker = Ticker::start(&engine, limits.epoch_tick).map_err(HostError::Ticker)?;
        let places = usize::try_from(limits.concurrent_calls).unwrap_or(Semaphore::MAX_PERMITS);
        Ok(Self(Arc::new(Shared {
            places: Semaphore::new(places.min(Semaphore::MAX_PERMITS)),
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

    /// Loads a component from a file, which takes some seconds of one processor.
    ///
    /// # Errors
    ///
    /// The file can't be read, is no component, or doesn't keep to the contract or the limits.
    pub async fn load(&self, path: impl AsRef<Path>) -> Result<Plugin, LoadError> {
        let path = path.as_ref().to_owned();
        let origin = path.display().to_string();
        let limit = self.0.limits.component_bytes;
        let read = blocking(move || read_at_most(&path, limit)).await;
        self.load_as(origin, read).await
    }

    /// Loads a component that is in memory.
    ///
    /// # Errors
    ///
    /// The bytes are no component, or it doesn't keep to the contract or the limits.
    pub async fn load_bytes(&self, bytes: Vec<u8>) -> Result<Plugin, LoadError> {
        let limit = self.0.limits.component_bytes;
        let bytes = if bytes.len() > limit {
            Err(LoadFault::TooLarge { limit })
        } else {
            Ok(bytes)
        };
        self.load_as("the component".to_owned(), bytes).await
    }

    async fn load_as(
        &self,
        origin: String,
        bytes: Result<Vec<u8>, LoadFault>,
    ) -> Result<Plugin, LoadError> {
        let loaded = async {
            let bytes = bytes?;
            let shared = Arc::clone(&self.0);
            let (component, digest) = blocking(move || {
                let component = shared.compile(&bytes)?;
                let digest = Sha256::digest(&bytes);
                let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                Ok((component, digest))
            })
            .await?;
            self.describe(component, digest, &origin).await
        };
        match loaded.await {
            Ok(loaded) => Ok(Plugin(Arc::new(loaded))),
            Err(fault) => Err(LoadError { origin, fault }),
        }
    }

    /// Asks a component what it is, with nothing granted.
    async fn describe(
        &self,
        component: InstancePre<CallState>,
        digest: String,
        origin: &str,
    ) -> Result<Loaded, LoadFault> {
        let call = Call {
            host: &self.0,
            component: &component,
            plugin: &Arc::new(Identity {
                id: origin.to_owned(),
                version: String::new(),
            }),
            session: &Arc::new(Session {
                limits: Arc::clone(&self.0.limits),
                grants: Grants::none(),
                http: Arc::clone(&self.0.http),
                signer: Signer::without_credentials(),
                clock: Arc::new(SystemClock),
            }),
            function: "describe",
        };
        let description = call
            .run(async |guest, store| guest.call_describe(store).await)
            .await
            .map_err(LoadFault::Describe)?;
        Ok(Loaded {
            host: Arc::clone(&self.0),
            identity: Arc::new(Identity {
                id: description.id.clone(),
                version: description.version.clone(),
            }),
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

/// A file's bytes, never more than the limit: its size isn't asked for, because it can change.
fn read_at_most(path: &Path, limit: usize) -> Result<Vec<u8>, LoadFault> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path)?.take(one_more).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read().map_err(LoadFault::Read)? {
        bytes if bytes.len() > limit => Err(LoadFault::TooLarge { limit }),
        bytes => Ok(bytes),
    }
}
