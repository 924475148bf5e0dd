//! One HTTP exchange of a plugin: its request is checked, sent, and its response handed back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tracing::debug;

use crate::contract::v0_2::bindings::capabilities::http::{
    Error, ErrorKind, Header, Request, Response,
};
use crate::egress::body_meter::{BodyMeter, SharedMeter};
use crate::egress::grant::HttpGrant;
use crate::egress::message_size::{headers_bytes, request_bytes};
use crate::egress::policy::Policy;
use crate::egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError};
use crate::limits::Limits;
use crate::limits::deadline::Deadline;

/// Headers that describe the connection and not the request, so that only the host sets them: the
/// two that the contract names, and those of RFC 9110, section 7.6.1.
const HOST_HEADERS: [&str; 10] = [
    "host",
    "content-length",
    "connection",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// How much of what a plugin wrote a message repeats, in bytes.
const MESSAGE_BYTES: usize = 1 << 10;

/// Sends the requests of all calls of one connection.
pub(crate) struct Egress {
    client: Arc<dyn HttpClient>,
    policy: Policy,
    limits: Arc<Limits>,
}

impl Egress {
    pub(crate) fn new(
        client: Arc<dyn HttpClient>,
        grants: Vec<HttpGrant>,
        limits: Arc<Limits>,
    ) -> Self {
        Self {
            client,
            policy: Policy::new(grants),
            limits,
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sends one request. `together` is what is left for it and others of the same `send-all`.
    pub(crate) async fn send(
        &self,
        request: Request,
        deadline: Deadline,
        together: Arc<SharedMeter>,
    ) -> Result<Response, Error> {
        if together.call().is_used_up() {
            return Err(denied(format!(
                "this call has received as much as is allowed, {} bytes \
                 (`Limits::received_bytes_per_call`)",
                self.limits.received_bytes_per_call
            )));
        }
        let request = self.prepare(request, deadline)?;
        let (method, url) = (request.method.clone(), request.url.clone());
        let mut meter = BodyMeter::new(self.limits.response_bytes, together);
        let started = Instant::now();
        let answer = self.client.send(request, &mut meter).await;
        let (host, path) = (url.host_str().unwrap_or_default(), beginning(url.path()));
        let method = beginning(method.as_str());
        let elapsed = started.elapsed();
        // Before they are here, the host's client has bounded the headers: 408 KiB and 100 of them
        // over HTTP/1.1, and 16 KiB over HTTP/2.
        let answer = answer.and_then(|response| {
            let response = Response::from(response);
            meter.take(headers_bytes(&response.headers))?;
            Ok(response)
        });
        match answer {
            Ok(response) => {
                meter.commit();
                debug!(
                    method,
                    host,
                    path,
                    status = response.status,
                    ?elapsed,
                    "request answered"
                );
                Ok(response)
            }
            Err(error) => {
                debug!(method, host, path, %error, ?elapsed, "request failed");
                Err(error.into())
            }
        }
    }

    /// The request as the client sends it, or why the host doesn't send it.
    fn prepare(&self, request: Request, deadline: Deadline) -> Result<HttpRequest, Error> {
        // First, because what follows repeats parts of the request.
        let limit = self.limits.request_bytes;
        let bytes = request_bytes(&request);
        if bytes > limit {
            return Err(denied(format!(
                "the request has {bytes} bytes with its URL and headers, and {limit} are allowed \
                 (`Limits::request_bytes`)"
            )));
        }
        let allowed = self.policy.check(&request.url).map_err(denied)?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| malformed(format!("{:?} is not an HTTP method", request.method)))?;
        if method == Method::CONNECT {
            return Err(denied("the method CONNECT is not allowed"));
        }
        Ok(HttpRequest {
            method,
            url: allowed.url,
            headers: parse_headers(request.headers)?,
            body: request.body,
            addresses: allowed.addresses,
            timeout: request
                .timeout
                .map_or(Duration::MAX, Duration::from_millis)
                .min(self.limits.request_timeout)
                .min(deadline.time_for_request()),
        })
    }
}

fn parse_headers(headers: Vec<Header>) -> Result<HeaderMap, Error> {
    let mut parsed = HeaderMap::with_capacity(headers.len().min(64));
    for Header { name, value } in headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| malformed(format!("{name:?} is not the name of an HTTP header")))?;
        if HOST_HEADERS.contains(&name.as_str()) {
            return Err(denied(format!("only the host sets the header `{name}`")));
        }
        // The value stays out of the message, because it may be a secret.
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            malformed(format!(
                "the value of the header `{name}` is not valid HTTP"
            ))
        })?;
        parsed
            .try_append(name, value)
            .map_err(|_| malformed("there are too many headers"))?;
    }
    Ok(parsed)
}

fn denied(message: impl ToString) -> Error {
    Error {
        kind: ErrorKind::Denied,
        message: shortened(message.to_string()),
    }
}

/// The error for a request that isn't valid HTTP, which wasn't sent.
fn malformed(message: impl ToString) -> Error {
    Error {
        kind: ErrorKind::Protocol,
        message: shortened(message.to_string()),
    }
}

/// A message without the end of what a plugin wrote.
fn shortened(mut message: String) -> String {
    if message.len() > MESSAGE_BYTES {
        message.truncate(beginning(&message).len());
        message.push_str(" …");
    }
    message
}

/// As much of a text as a message or a log line repeats.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(MESSAGE_BYTES)]
}

impl From<HttpResponse> for Response {
    fn from(response: HttpResponse) -> Self {
        Self {
            status: response.status,
            headers: response
                .headers
                .iter()
                .map(|(name, value)| Header {
                    name: name.as_str().to_owned(),
                    value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
                })
                .collect(),
            body: response.body,
        }
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let kind = match error {
            TransportError::Denied(_) => ErrorKind::Denied,
            TransportError::Timeout { .. } => ErrorKind::Timeout,
            TransportError::Connect { .. } => ErrorKind::Connect,
            TransportError::Tls { .. } => ErrorKind::Tls,
            TransportError::BodyTooLarge(_) => ErrorKind::BodyTooLarge,
            TransportError::Protocol { .. } => ErrorKind::Protocol,
        };
        Self {
            kind,
            message: error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
