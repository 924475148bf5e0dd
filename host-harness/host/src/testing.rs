//! What the tests of the capabilities work with.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future,
};

use crate::call::{CallState, Session};
use crate::clock::Clock;
use crate::digest::Digest;
use crate::egress::LastPermit;
use crate::grants::Grants;
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::signing::Signer;
use crate::transport::{BodyMeter, HttpClient, HttpRequest, HttpResponse, TransportError};

/// A clock that stands still until it is set, and on which nobody waits.
#[derive(Debug)]
pub(crate) struct ManualClock(Mutex<SystemTime>);

impl ManualClock {
    /// At 2015-08-30T12:36:00Z.
    pub(crate) fn new() -> Arc<Self> {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
        Arc::new(Self(Mutex::new(start)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}

/// A client that sends nothing and answers by a function.
pub(crate) struct AnswerBy<F>(pub(crate) F);

#[async_trait]
impl<F> HttpClient for AnswerBy<F>
where
    F: Fn(&HttpRequest) -> Result<HttpResponse, TransportError> + Send + Sync,
{
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        // Lets others in, as a network does.
        tokio::task::yield_now().await;
        let response = self.0(&request)?;
        body.take(response.body.len())?;
        Ok(response)
    }
}

type Look = Result<Credentials, CredentialsError>;

/// A provider that finds credentials by a function of how often it was asked before.
pub(crate) struct FindBy<F> {
    find: Arc<F>,
    asked: Arc<AtomicUsize>,
}

impl<F: Fn(usize) -> Look + Send + Sync + 'static> FindBy<F> {
    pub(crate) fn new(find: F) -> Self {
        Self {
            find: Arc::new(find),
            asked: Arc::default(),
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) fn shared(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Self {
            find: Arc::clone(&self.find),
            asked: Arc::clone(&self.asked),
        })
    }

    async fn look(&self) -> Look {
        let before = self.asked.fetch_add(1, Ordering::Relaxed);
        // Lets others in, as a look does.
        tokio::task::yield_now().await;
        (self.find)(before)
    }
}

impl<F> fmt::Debug for FindBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindBy")
    }
}

impl<F: Fn(usize) -> Look + Send + Sync + 'static> ProvideCredentials for FindBy<F> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.look())
    }
}

/// The marker in it is looked for in all that tests print.
const SECRET: &str = "secret-never-to-be-printed";

/// Credentials that open nothing.
pub(crate) fn credentials() -> SharedCredentialsProvider {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET, None, None, "test");
    SharedCredentialsProvider::new(credentials)
}

/// A client that is never asked.
pub(crate) fn no_network() -> Arc<dyn HttpClient> {
    Arc::new(AnswerBy(|_: &HttpRequest| {
        Err(TransportError::Denied("there is no network".to_owned()))
    }))
}

/// The state of a call in the region `us-east-1`.
pub(crate) fn call_state(
    limits: Limits,
    grants: Grants,
    http: Arc<dyn HttpClient>,
    provider: SharedCredentialsProvider,
    clock: Arc<ManualClock>,
) -> CallState {
    let timeout = limits.credentials_timeout;
    let session = Session {
        limits: Arc::new(limits),
        grants,
        http,
        signer: Signer::new(provider, "us-east-1".to_owned(), clock.clone(), timeout),
        last_permit: LastPermit::default(),
        clock,
    };
    let plugin = PluginIdentity {
        id: "example".to_owned(),
        version: "1.2.3".to_owned(),
        digest: Digest::of(b""),
        generation: 1,
    };
    CallState::new(Arc::new(session), Arc::new(plugin), "status")
}
