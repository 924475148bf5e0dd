//! Sending one HTTP request: the trait that a host or a test can implement, and the client that the
//! host brings along.
//!
//! [`ReqwestClient`] speaks HTTP/1.1 and HTTP/2 over rustls with the system's root certificates. It
//! follows no redirects, retries nothing, decodes no bodies and keeps no cookies. It uses **no
//! proxy**, whatever the environment says: through a proxy it is the proxy that resolves names, and
//! the check of addresses would be worth nothing. A host that must go through a proxy brings a
//! client of its own ([`Access::with_http_client`](crate::Access::with_http_client)) and leaves the
//! check to the proxy.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Method, redirect, retry};
use url::Url;

use crate::addresses::{AddressKind, AddressPolicy};
use crate::error::HostError;

/// A request that the grants allow.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method, as the plugin gave it.
    pub method: Method,
    /// Absolute, `http` or `https`.
    pub url: Url,
    /// Without `host` and `content-length`.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// Which addresses the URL's name may resolve to.
    pub addresses: AddressPolicy,
    /// For the whole request, up to the last byte of the response.
    pub timeout: Duration,
}

impl fmt::Debug for HttpRequest {
    /// Without headers and body, which hold signatures and session tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

/// The answer to a request.
#[derive(Clone)]
pub struct HttpResponse {
    /// Whatever it is.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why there is no answer. The variants are those of `http.error-kind` in the contract, where it
/// says of each whether the platform may have done what it was asked to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host doesn't allow it; nothing was sent.
    #[error("{0}")]
    Denied(String),
    /// No complete answer in time.
    #[error("no complete answer from {host} within {} s", limit.as_secs_f64())]
    Timeout {
        /// Host and port.
        host: String,
        /// What the request was given.
        limit: Duration,
    },
    /// No connection.
    #[error("no connection to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// No TLS.
    #[error("no TLS connection to {host}: {reason}")]
    Tls {
        /// Host and port.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// The body is too large.
    #[error(transparent)]
    BodyTooLarge(#[from] BodyTooLarge),
    /// No proper HTTP, or the connection broke.
    #[error("the exchange with {host} broke off: {reason}")]
    Protocol {
        /// Host and port.
        host: String,
        /// The innermost cause.
        reason: String,
    },
}

/// A response that is larger than the host takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyTooLarge {
    /// The response by itself.
    #[error("the response is larger than {limit} bytes (`Limits::response_bytes`)")]
    Alone {
        /// In bytes.
        limit: usize,
    },
    /// The response together with the others of the same `send-all`.
    #[error(
        "the responses together are larger than {limit} bytes (`Limits::send_all_bytes`); \
         this one can be asked for by itself"
    )]
    Together {
        /// In bytes.
        limit: usize,
    },
}

/// How much a response may still grow. A client asks before it keeps a part of a body.
#[derive(Debug)]
pub struct BodyMeter {
    alone: usize,
    taken: usize,
    together: Arc<SharedMeter>,
}

/// What the responses of one `send-all` have left together.
#[derive(Debug)]
pub(crate) struct SharedMeter {
    limit: usize,
    left: AtomicUsize,
}

impl SharedMeter {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            left: AtomicUsize::new(limit),
        })
    }
}

impl BodyMeter {
    pub(crate) fn new(alone: usize, together: Arc<SharedMeter>) -> Self {
        Self {
            alone,
            taken: 0,
            together,
        }
    }

    /// Counts bytes that are about to be kept.
    ///
    /// # Errors
    ///
    /// They don't fit. The response is lost, and what it took is free for others.
    pub fn take(&mut self, bytes: usize) -> Result<(), BodyTooLarge> {
        let taken = self.taken.saturating_add(bytes);
        if taken > self.alone {
            return Err(BodyTooLarge::Alone { limit: self.alone });
        }
        self.together
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .map_err(|_| BodyTooLarge::Together {
                limit: self.together.limit,
            })?;
        self.taken = taken;
        Ok(())
    }

    /// The response is complete: what it took stays taken.
    pub(crate) fn keep(mut self) {
        self.taken = 0;
    }
}

impl Drop for BodyMeter {
    fn drop(&mut self) {
        self.together.left.fetch_add(self.taken, Ordering::Relaxed);
    }
}

/// Sends HTTP requests. A host or a test can bring its own.
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// Sends a request and reads the whole response, whatever its status. Follows no redirect, and
    /// sends it once only. Each part of the body is counted with `body` before it is kept.
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError>;
}

/// The client that the host brings along.
///
/// One `reqwest::Client` for each policy of addresses, because a client keeps connections open, and
/// one that was opened under a laxer policy must not serve a request under a stricter one.
pub(crate) struct ReqwestClient {
    public: reqwest::Client,
    private: reqwest::Client,
    loopback: reqwest::Client,
}

impl ReqwestClient {
    pub(crate) fn new() -> Result<Self, HostError> {
        let client = |policy| {
            reqwest::Client::builder()
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .referer(false)
                .no_proxy()
                .dns_resolver(Arc::new(CheckedResolver { policy }))
                .build()
                .map_err(|error| HostError::HttpClient(innermost(&error)))
        };
        Ok(Self {
            public: client(AddressPolicy::Public)?,
            private: client(AddressPolicy::Private)?,
            loopback: client(AddressPolicy::Loopback)?,
        })
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let client = match request.addresses {
            AddressPolicy::Public => &self.public,
            AddressPolicy::Private => &self.private,
            AddressPolicy::Loopback => &self.loopback,
        };
        let host = authority(&request.url);
        let limit = request.timeout;
        let failed = |error: reqwest::Error| explain(&error, host.clone(), limit);

        let mut response = client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .timeout(limit)
            .send()
            .await
            .map_err(failed)?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut whole = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            body.take(part.len())?;
            whole.extend_from_slice(&part);
        }
        Ok(HttpResponse {
            status,
            headers,
            body: whole,
        })
    }
}

/// Resolves names as the system does, and keeps the addresses that the policy allows.
struct CheckedResolver {
    policy: AddressPolicy,
}

/// A name that resolves to none but addresses that the policy doesn't allow.
#[derive(Debug, thiserror::Error)]
#[error(
    "requests to {name} are denied: it resolves to {address}, {kind}{}",
    if *kind == AddressKind::Private {
        "; to allow that, write `private` after the grant"
    } else {
        ""
    }
)]
struct AddressDenied {
    name: String,
    address: std::net::IpAddr,
    kind: AddressKind,
}

impl CheckedResolver {
    fn check(&self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AddressDenied> {
        let denied = found.first().copied();
        let allowed: Vec<_> = found
            .into_iter()
            .filter(|found| self.policy.allows(found.ip()))
            .collect();
        match denied {
            Some(found) if allowed.is_empty() => Err(AddressDenied {
                name: name.to_owned(),
                address: found.ip(),
                kind: AddressKind::of(found.ip()),
            }),
            _ => Ok(allowed),
        }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Self {
            policy: self.policy,
        };
        Box::pin(async move {
            // The client replaces port 0 by that of the URL.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed = resolver.check(name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Host and port of a URL, for messages.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// What a failure means. The order matters: the causes that say most come first.
fn explain(error: &reqwest::Error, host: String, limit: Duration) -> TransportError {
    if let Some(denied) = causes(error).find_map(|cause| cause.downcast_ref::<AddressDenied>()) {
        return TransportError::Denied(denied.to_string());
    }
    if error.is_timeout() {
        return TransportError::Timeout { host, limit };
    }
    let reason = innermost(error);
    if !error.is_connect() {
        return TransportError::Protocol { host, reason };
    }
    if causes(error).any(|cause| cause.is::<rustls::Error>()) {
        return TransportError::Tls { host, reason };
    }
    TransportError::Connect { host, reason }
}

/// An error and what caused it, outermost first, also through the errors that `io::Error` wraps
/// without calling them its source.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The message of the innermost cause: the outer ones only say that something failed.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
