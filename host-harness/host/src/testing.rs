//! What the unit tests share: a clock that stands still, a scripted client and a scripted provider.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future,
};
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::clock::Clock;
use crate::egress::addresses::AddressPolicy;
use crate::egress::body_meter::{BodyMeter, SharedMeter};
use crate::egress::client::ReqwestClient;
use crate::egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError};

/// Gets a URL on the public internet, as the client sees it.
pub(crate) async fn get(
    client: &ReqwestClient,
    url: &str,
    timeout: Duration,
) -> Result<HttpResponse, TransportError> {
    let request = HttpRequest {
        method: Method::GET,
        url: Url::parse(url).expect("a URL"),
        headers: HeaderMap::new(),
        body: Vec::new(),
        addresses: AddressPolicy::Public,
        timeout,
    };
    let mut meter = BodyMeter::new(1_000, SharedMeter::new(1_000));
    client.send(request, &mut meter).await
}

/// A clock that stands still until `advance` or a sleep moves it; a sleep returns at once.
#[derive(Debug)]
pub(crate) struct ManualClock(Mutex<SystemTime>);

impl ManualClock {
    /// A clock that shows 2015-08-30T12:36:00Z.
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

/// A client that sends nothing and answers with what a function returns.
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
        // Yields to other tasks, as a network client does.
        tokio::task::yield_now().await;
        let response = self.0(&request)?;
        body.take(response.body.len())?;
        Ok(response)
    }
}

type Lookup = Result<Credentials, CredentialsError>;

/// A provider that provides what a function returns for the number of earlier lookups.
pub(crate) struct ProvideBy<F> {
    provide: Arc<F>,
    asked: Arc<AtomicUsize>,
}

impl<F: Fn(usize) -> Lookup + Send + Sync + 'static> ProvideBy<F> {
    pub(crate) fn new(provide: F) -> Self {
        Self {
            provide: Arc::new(provide),
            asked: Arc::default(),
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) fn shared(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Self {
            provide: Arc::clone(&self.provide),
            asked: Arc::clone(&self.asked),
        })
    }

    async fn look_up(&self) -> Lookup {
        let earlier = self.asked.fetch_add(1, Ordering::Relaxed);
        // Yields to other tasks, as a real lookup does.
        tokio::task::yield_now().await;
        (self.provide)(earlier)
    }
}

impl<F> fmt::Debug for ProvideBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProvideBy")
    }
}

impl<F: Fn(usize) -> Lookup + Send + Sync + 'static> ProvideCredentials for ProvideBy<F> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.look_up())
    }
}
