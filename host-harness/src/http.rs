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
    let permit = session.grants.permit(&request.url).map_err(denied)?;
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
