//! One HTTP request and its response, and the trait that a host or a test implements to send it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::egress::addresses::AddressPolicy;
use crate::egress::body_meter::{BodyMeter, BodyTooLarge};

/// A request that the grants allow.
#[derive(Clone)]
pub struct HttpRequest {
    /// Any method but CONNECT.
    pub method: Method,
    /// An absolute `http` or `https` URL that the grants allow.
    pub url: Url,
    /// The plugin's headers. `host`, `content-length` and the headers of the connection are the
    /// client's to set.
    pub headers: HeaderMap,
    /// Empty for a request without a body.
    pub body: Vec<u8>,
    /// Which addresses the URL's name may resolve to.
    pub addresses: AddressPolicy,
    /// The time from name resolution to the last byte of the response.
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

/// A complete response.
#[derive(Clone)]
pub struct HttpResponse {
    /// Any status, 3xx and 5xx included: none is an error.
    pub status: u16,
    /// As received; a name can occur more than once.
    pub headers: HeaderMap,
    /// As received, without any decoding.
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

/// Why a request got no response. Each variant is a case of `http.error-kind` in the contract. The
/// contract says for each case whether the platform may have carried the request out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The host doesn't allow the request, for the reason given. Nothing was sent.
    #[error("{0}")]
    Denied(String),
    /// No complete response in time.
    #[error("no complete answer from {host} within {} s", limit.as_secs_f64())]
    Timeout {
        /// The host, with the port where the URL has one.
        host: String,
        /// [`HttpRequest::timeout`].
        limit: Duration,
    },
    /// No connection: the name wasn't found, or the connection was refused.
    #[error("no connection to {host}: {reason}")]
    Connect {
        /// The host, with the port where the URL has one.
        host: String,
        /// The message of the innermost cause.
        reason: String,
    },
    /// The TLS handshake failed.
    #[error("no TLS connection to {host}: {reason}")]
    Tls {
        /// The host, with the port where the URL has one.
        host: String,
        /// The message of the innermost cause.
        reason: String,
    },
    /// The response's body is larger than the limits.
    #[error(transparent)]
    BodyTooLarge(#[from] BodyTooLarge),
    /// The answer isn't valid HTTP, or the connection broke.
    #[error("the exchange with {host} broke off: {reason}")]
    Protocol {
        /// The host, with the port where the URL has one.
        host: String,
        /// The message of the innermost cause.
        reason: String,
    },
}

/// Host and port of a URL, for messages.
pub(crate) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Sends HTTP requests. A host or a test can bring its own.
#[async_trait]
pub trait HttpClient: Send + Sync {
    /// Sends a request and reads the whole response, whatever its status.
    ///
    /// An implementation follows no redirect, sends the request once only, connects only to
    /// addresses that [`HttpRequest::addresses`] allows, and counts each part of the response's body
    /// with `body` before it keeps it.
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
