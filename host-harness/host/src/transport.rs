//! Sending one HTTP request: the trait that a host or a test can implement, and what it works with.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::addresses::AddressPolicy;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_share_what_one_send_all_may_hold() {
        let together = SharedMeter::new(10);
        let mut first = BodyMeter::new(8, Arc::clone(&together));
        let mut second = BodyMeter::new(8, Arc::clone(&together));
        assert_eq!(first.take(8), Ok(()));
        assert_eq!(first.take(1), Err(BodyTooLarge::Alone { limit: 8 }));
        assert_eq!(second.take(2), Ok(()));
        assert_eq!(second.take(1), Err(BodyTooLarge::Together { limit: 10 }));
        // What a failed response took is free again; what a complete one took is not.
        drop(first);
        second.keep();
        let mut third = BodyMeter::new(100, Arc::clone(&together));
        assert_eq!(third.take(8), Ok(()));
        assert_eq!(third.take(1), Err(BodyTooLarge::Together { limit: 10 }));
    }

    #[test]
    fn a_request_is_shown_without_its_headers_and_body() {
        let secret = HeaderMap::from_iter([(
            reqwest::header::AUTHORIZATION,
            reqwest::header::HeaderValue::from_static("secret"),
        )]);
        let request = HttpRequest {
            method: Method::POST,
            url: Url::parse("https://example.com/").expect("a URL"),
            headers: secret,
            body: b"secret".to_vec(),
            addresses: AddressPolicy::Public,
            timeout: Duration::from_secs(1),
        };
        assert!(!format!("{request:?}").contains("secret"));
    }
}
