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
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::testing::{AnswerBy, ManualClock};

    const ORIGIN: &str = "https://api.example.com";

    /// Sends a request. Returns the request that the client got, and what the plugin gets.
    async fn exchange(
        limits: Limits,
        request: Request,
    ) -> (Option<HttpRequest>, Result<Response, Error>) {
        let sent = Arc::new(Mutex::new(None));
        let client = Arc::new(AnswerBy({
            let sent = Arc::clone(&sent);
            move |request: &HttpRequest| {
                *sent.lock().expect("no panic") = Some(request.clone());
                Ok(HttpResponse {
                    status: 200,
                    headers: HeaderMap::new(),
                    body: Vec::new(),
                })
            }
        }));
        let deadline = Deadline::after(limits.call_timeout, &*ManualClock::new());
        let together = SharedMeter::new(limits.response_bytes);
        let grants = vec![ORIGIN.parse().expect("a grant")];
        let egress = Egress::new(client, grants, Arc::new(limits));
        let answer = egress.send(request, deadline, together).await;
        (sent.lock().expect("no panic").take(), answer)
    }

    /// The error for a request that must not be sent.
    async fn refusal(limits: Limits, request: Request) -> Error {
        let (sent, answer) = exchange(limits, request).await;
        assert!(sent.is_none(), "{sent:?}");
        answer.expect_err("a request that must not be sent")
    }

    async fn refusal_kind(request: Request) -> ErrorKind {
        refusal(Limits::recommended(), request).await.kind
    }

    fn get() -> Request {
        Request {
            method: "GET".to_owned(),
            url: format!("{ORIGIN}/"),
            headers: Vec::new(),
            body: Vec::new(),
            timeout: None,
        }
    }

    #[tokio::test]
    async fn a_request_has_the_shorter_of_its_own_timeout_and_the_hosts() {
        let limits = Limits {
            request_timeout: Duration::from_secs(30),
            ..Limits::recommended()
        };
        for (own, seconds) in [(None, 30), (Some(5_000), 5), (Some(u64::MAX), 30)] {
            let request = Request {
                timeout: own,
                ..get()
            };
            let (sent, _) = exchange(limits.clone(), request).await;
            let timeout = sent.expect("a request").timeout;
            assert_eq!(timeout, Duration::from_secs(seconds), "{own:?}");
        }
    }

    #[tokio::test]
    async fn a_request_that_is_not_granted_is_denied() {
        let mut request = get();
        request.url = "https://example.com/".to_owned();
        assert_eq!(refusal_kind(request).await, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn headers_of_the_connection_and_the_method_connect_are_denied() {
        for name in ["Host", "content-length", "Transfer-Encoding", "connection"] {
            let mut request = get();
            request.headers.push(Header {
                name: name.to_owned(),
                value: "example.com".to_owned(),
            });
            assert_eq!(refusal_kind(request).await, ErrorKind::Denied, "{name}");
        }
        let mut request = get();
        request.method = "CONNECT".to_owned();
        assert_eq!(refusal_kind(request).await, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn a_request_that_is_not_valid_http_is_not_sent_and_its_values_are_not_repeated() {
        let mut request = get();
        request.method = "G E T".to_owned();
        assert_eq!(refusal_kind(request).await, ErrorKind::Protocol);
        for (name, value) in [("a b", "1"), ("", "1"), ("a", "secret\r\nb: 2")] {
            let mut request = get();
            request.headers.push(Header {
                name: name.to_owned(),
                value: value.to_owned(),
            });
            let error = refusal(Limits::recommended(), request).await;
            assert_eq!(error.kind, ErrorKind::Protocol);
            assert!(!error.message.contains("secret"));
        }
    }

    #[tokio::test]
    async fn a_request_past_the_limit_is_denied_by_the_name_of_the_limit() {
        let limits = Limits {
            request_bytes: 3,
            ..Limits::recommended()
        };
        let mut request = get();
        request.body = vec![0; 4];
        let error = refusal(limits, request).await;
        assert_eq!(error.kind, ErrorKind::Denied);
        assert_eq!(
            error.message,
            "the request has 31 bytes with its URL and headers, and 3 are allowed \
             (`Limits::request_bytes`)"
        );
    }

    #[tokio::test]
    async fn method_url_and_headers_of_a_request_count() {
        let header = |value: &str| Header {
            name: "x".to_owned(),
            value: value.to_owned(),
        };
        let mut request = get();
        request.headers = vec![header("12"), header("345")];
        request.body = vec![0; 7];
        let bytes = "GET".len() + ORIGIN.len() + 1 + (32 + 3) + (32 + 4) + 7;
        let limits = |request_bytes| Limits {
            request_bytes,
            ..Limits::recommended()
        };
        let error = refusal(limits(bytes - 1), request.clone()).await;
        assert_eq!(error.kind, ErrorKind::Denied);
        let (sent, _) = exchange(limits(bytes), request).await;
        assert!(sent.is_some());
    }

    #[tokio::test]
    async fn a_refusal_repeats_only_the_beginning_of_what_the_plugin_wrote() {
        let long = "\u{1}".repeat(100_000);
        let requests = [
            Request {
                url: format!("{ORIGIN}/{long}"),
                ..get()
            },
            Request {
                method: long.clone(),
                ..get()
            },
            Request {
                headers: vec![Header {
                    name: long.clone(),
                    value: String::new(),
                }],
                ..get()
            },
        ];
        for request in requests {
            let error = refusal(Limits::recommended(), request).await;
            assert!(error.message.len() < 2_000, "{} bytes", error.message.len());
        }
    }

    #[tokio::test]
    async fn a_name_under_a_star_is_no_longer_than_a_name_can_be() {
        let grants = vec!["https://api.*.example.com".parse().expect("a grant")];
        let client = Arc::new(AnswerBy(|request: &HttpRequest| {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            let reason = "refused".to_owned();
            Err(TransportError::Connect { host, reason })
        }));
        let limits = Limits::recommended();
        let deadline = Deadline::after(limits.call_timeout, &*ManualClock::new());
        let together = SharedMeter::new(limits.response_bytes);
        let egress = Egress::new(client, grants, Arc::new(limits));
        let request = Request {
            url: format!("https://api.{}.example.com/", "a".repeat(100_000)),
            ..get()
        };
        let error = egress.send(request, deadline, together).await;
        let error = error.expect_err("no such name");
        assert_eq!(error.kind, ErrorKind::Denied, "{:.100}", error.message);
        assert!(error.message.len() < 2_000, "{} bytes", error.message.len());
    }

    #[tokio::test]
    async fn a_request_gives_up_before_the_call_does() {
        let limits = Limits {
            call_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            ..Limits::recommended()
        };
        let (sent, answer) = exchange(limits, get()).await;
        answer.expect("an answer");
        let timeout = sent.expect("a request").timeout;
        assert!(timeout <= Duration::from_secs(9), "{timeout:?}");
    }
}
