//! The capability `http`: what the contract says, within limits and grants.

use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, stream};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tracing::debug;

use crate::call::{CallState, Deadline, Session, TooManyRequests};
use crate::contract::capabilities::http::{Error, ErrorKind, Header, Host, Request, Response};
use crate::transport::{BodyMeter, HttpRequest, HttpResponse, SharedMeter, TransportError};

/// Headers that belong to the connection and not to the request, so that they are the host's: the
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

impl Host for CallState {
    async fn send(&mut self, request: Request) -> wasmtime::Result<Result<Response, Error>> {
        self.count_requests(1)?;
        let together = SharedMeter::new(self.session.limits.response_bytes);
        Ok(send(&self.session, request, self.deadline, together).await)
    }

    async fn send_all(
        &mut self,
        requests: Vec<Request>,
    ) -> wasmtime::Result<Vec<Result<Response, Error>>> {
        self.count_requests(requests.len())?;
        let together = SharedMeter::new(self.session.limits.send_all_bytes);
        let (session, deadline) = (&*self.session, self.deadline);
        Ok(stream::iter(requests)
            .map(|request| send(session, request, deadline, Arc::clone(&together)))
            .buffered(session.limits.requests_at_once)
            .collect()
            .await)
    }
}

impl CallState {
    /// Counts requests against the limit; past it, the call is ended.
    fn count_requests(&mut self, requests: usize) -> Result<(), TooManyRequests> {
        let left = u32::try_from(requests)
            .ok()
            .and_then(|requests| self.requests_left.checked_sub(requests));
        self.requests_left = left.ok_or(TooManyRequests)?;
        Ok(())
    }
}

async fn send(
    session: &Session,
    request: Request,
    deadline: Deadline,
    together: Arc<SharedMeter>,
) -> Result<Response, Error> {
    let request = prepare(session, request, deadline)?;
    let (method, url) = (request.method.clone(), request.url.clone());
    let mut meter = BodyMeter::new(session.limits.response_bytes, together);
    let started = Instant::now();
    let answer = session.http.send(request, &mut meter).await;
    let (host, path) = (url.host_str().unwrap_or_default(), url.path());
    let elapsed = started.elapsed();
    match answer {
        Ok(response) => {
            meter.keep();
            debug!(%method, host, path, status = response.status, ?elapsed, "request answered");
            Ok(into_contract(response))
        }
        Err(error) => {
            debug!(%method, host, path, %error, ?elapsed, "request failed");
            Err(error.into())
        }
    }
}

/// A plugin's request as the host sends it, or why the host doesn't.
fn prepare(session: &Session, request: Request, deadline: Deadline) -> Result<HttpRequest, Error> {
    let permit = session
        .last_permit
        .permit(&session.grants, &request.url)
        .map_err(denied)?;
    let limit = session.limits.request_bytes;
    if request.body.len() > limit {
        return Err(denied(format!(
            "the request's body has {} bytes, and {limit} are allowed (`Limits::request_bytes`)",
            request.body.len()
        )));
    }
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| malformed(format!("{:?} is no HTTP method", request.method)))?;
    if method == Method::CONNECT {
        return Err(denied("the method CONNECT is not allowed".to_owned()));
    }
    let mut headers = HeaderMap::with_capacity(request.headers.len().min(64));
    for Header { name, value } in request.headers {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| malformed(format!("{name:?} is no name of an HTTP header")))?;
        if HOST_HEADERS.contains(&parsed.as_str()) {
            return Err(denied(format!(
                "the header `{parsed}` is the host's to set"
            )));
        }
        // The value stays out of the message, because it may be a secret.
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| malformed(format!("the value of the header `{parsed}` is no HTTP")))?;
        headers
            .try_append(parsed, value)
            .map_err(|_| malformed("there are too many headers".to_owned()))?;
    }
    Ok(HttpRequest {
        method,
        url: permit.url,
        headers,
        body: request.body,
        addresses: permit.addresses,
        timeout: session
            .limits
            .request_timeout
            .min(deadline.time_for_a_request()),
    })
}

fn into_contract(response: HttpResponse) -> Response {
    Response {
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

fn denied(message: String) -> Error {
    Error {
        kind: ErrorKind::Denied,
        message,
    }
}

/// A request that is no valid HTTP, which wasn't sent.
fn malformed(message: String) -> Error {
    Error {
        kind: ErrorKind::Protocol,
        message,
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
    use crate::grants::Grants;
    use crate::limits::Limits;
    use crate::testing::{AnswerBy, ManualClock, call_state, credentials};

    const ORIGIN: &str = "https://api.example.com";

    fn state(
        limits: Limits,
        answer: impl Fn(&HttpRequest) -> Result<HttpResponse, TransportError> + Send + Sync + 'static,
    ) -> CallState {
        let grants = Grants::none().allow_http(ORIGIN.parse().expect("a grant"));
        let client = Arc::new(AnswerBy(answer));
        call_state(limits, grants, client, credentials(), ManualClock::new())
    }

    fn get(path: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            url: format!("{ORIGIN}{path}"),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Answers with the path.
    fn echo(request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        Ok(HttpResponse {
            status: 200,
            headers: HeaderMap::new(),
            body: request.url.path().as_bytes().to_vec(),
        })
    }

    async fn kind(request: Request) -> ErrorKind {
        let mut state = state(Limits::recommended(), echo);
        let answer = state.send(request).await.expect("no trap");
        answer.expect_err("an error").kind
    }

    #[tokio::test]
    async fn a_request_that_is_not_granted_is_denied() {
        let mut request = get("/");
        request.url = "https://example.com/".to_owned();
        assert_eq!(kind(request).await, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn headers_of_the_connection_and_the_method_connect_are_denied() {
        for name in ["Host", "content-length", "Transfer-Encoding", "connection"] {
            let mut request = get("/");
            request.headers.push(Header {
                name: name.to_owned(),
                value: "example.com".to_owned(),
            });
            assert_eq!(kind(request).await, ErrorKind::Denied, "{name}");
        }
        let mut request = get("/");
        request.method = "CONNECT".to_owned();
        assert_eq!(kind(request).await, ErrorKind::Denied);
    }

    #[tokio::test]
    async fn a_request_that_is_no_http_is_not_sent_and_its_values_are_not_repeated() {
        let mut request = get("/");
        request.method = "G E T".to_owned();
        assert_eq!(kind(request).await, ErrorKind::Protocol);
        for (name, value) in [("a b", "1"), ("", "1"), ("a", "secret\r\nb: 2")] {
            let mut request = get("/");
            request.headers.push(Header {
                name: name.to_owned(),
                value: value.to_owned(),
            });
            let mut state = state(Limits::recommended(), echo);
            let error = state
                .send(request)
                .await
                .expect("no trap")
                .expect_err("no HTTP");
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
        let mut state = state(limits, echo);
        let mut request = get("/");
        request.body = vec![0; 4];
        let error = state
            .send(request)
            .await
            .expect("no trap")
            .expect_err("too large");
        assert_eq!(error.kind, ErrorKind::Denied);
        assert_eq!(
            error.message,
            "the request's body has 4 bytes, and 3 are allowed (`Limits::request_bytes`)"
        );
    }

    #[tokio::test]
    async fn the_requests_of_a_call_are_counted() {
        let limits = Limits {
            requests_per_call: 3,
            ..Limits::recommended()
        };
        let mut state = state(limits, echo);
        assert!(state.send(get("/")).await.is_ok());
        assert!(state.send_all(vec![get("/"), get("/")]).await.is_ok());
        let error = state.send(get("/")).await.expect_err("the fourth");
        assert!(error.is::<TooManyRequests>());
    }

    #[tokio::test]
    async fn answers_come_in_the_order_of_the_requests_and_one_that_fails_touches_no_other() {
        let mut state = state(Limits::recommended(), |request| match request.url.path() {
            "/2" => Err(TransportError::Denied("no".to_owned())),
            _ => echo(request),
        });
        let requests = ["/1", "/2", "/3"].map(get).to_vec();
        let answers = state.send_all(requests).await.expect("no trap");
        let bodies: Vec<_> = answers
            .into_iter()
            .map(|a| a.ok().map(|a| a.body))
            .collect();
        assert_eq!(bodies, [Some(b"/1".to_vec()), None, Some(b"/3".to_vec())]);
    }

    #[tokio::test]
    async fn the_answers_of_one_send_all_are_bounded_together() {
        let limits = Limits {
            send_all_bytes: 5,
            requests_at_once: 1,
            ..Limits::recommended()
        };
        let mut state = state(limits, echo);
        let requests = ["/1", "/2", "/3"].map(get).to_vec();
        let answers = state.send_all(requests).await.expect("no trap");
        let kinds: Vec<_> = answers
            .into_iter()
            .map(|a| a.err().map(|e| e.kind))
            .collect();
        assert_eq!(kinds, [None, None, Some(ErrorKind::BodyTooLarge)]);
    }

    #[tokio::test]
    async fn no_more_requests_run_at_once_than_the_limit() {
        /// How many run, and how many ran at most.
        #[derive(Default)]
        struct Running(usize, usize);

        struct Counting(Mutex<Running>);

        #[async_trait::async_trait]
        impl crate::transport::HttpClient for Counting {
            async fn send(
                &self,
                request: HttpRequest,
                _body: &mut BodyMeter,
            ) -> Result<HttpResponse, TransportError> {
                {
                    let mut running = self.0.lock().expect("no panic");
                    running.0 += 1;
                    running.1 = running.1.max(running.0);
                }
                tokio::task::yield_now().await;
                self.0.lock().expect("no panic").0 -= 1;
                echo(&request)
            }
        }

        let client = Arc::new(Counting(Mutex::default()));
        let limits = Limits {
            requests_at_once: 4,
            ..Limits::recommended()
        };
        let mut state = call_state(
            limits,
            Grants::none().allow_http(ORIGIN.parse().expect("a grant")),
            Arc::clone(&client) as Arc<_>,
            credentials(),
            ManualClock::new(),
        );
        let answers = state.send_all(vec![get("/"); 20]).await.expect("no trap");
        assert_eq!(answers.len(), 20);
        assert_eq!(client.0.lock().expect("no panic").1, 4);
    }

    #[tokio::test]
    async fn a_request_gives_up_before_the_call_does() {
        let seen = Arc::new(Mutex::new(None));
        let limits = Limits {
            call_timeout: std::time::Duration::from_secs(10),
            request_timeout: std::time::Duration::from_secs(60),
            ..Limits::recommended()
        };
        let mut state = state(limits, {
            let seen = Arc::clone(&seen);
            move |request| {
                *seen.lock().expect("no panic") = Some(request.timeout);
                echo(request)
            }
        });
        let _ = state.send(get("/")).await;
        let timeout = seen.lock().expect("no panic").expect("a request");
        assert!(timeout <= std::time::Duration::from_secs(9), "{timeout:?}");
    }
}
