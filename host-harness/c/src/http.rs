//! HTTP by the embedder's own client, proxies and policies. The host has checked the request against the
//! grants before it comes here.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use polysync_host::{
    AddressPolicy, BodyMeter, HttpClient, HttpRequest, HttpResponse, TransportError,
};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use crate::event::Event;
use crate::questions::Questions;

/// Asks the embedder.
#[derive(Debug)]
pub(crate) struct EmbeddersClient {
    pub(crate) questions: Arc<Questions>,
    /// The name that the embedder gave the connection.
    pub(crate) connection: String,
}

/// The answer to the event `http-asked`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Response {
        /// Any status: none is an error.
        status: u16,
        #[serde(default)]
        headers: Vec<(String, String)>,
        /// In Base64.
        #[serde(default)]
        body: String,
    },
    Failed {
        error: Failed,
    },
}

#[derive(Deserialize)]
struct Failed {
    kind: Kind,
    message: String,
}

/// Why a request got no response. For each kind, the contract says whether the platform may have carried the
/// request out.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Denied,
    Timeout,
    Connect,
    Tls,
    Protocol,
}

#[async_trait]
impl HttpClient for EmbeddersClient {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let asked = self
            .questions
            .ask(|question| self.event(question, &request));
        let answer = match tokio::time::timeout(request.timeout, asked).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Err(broken(host, "the host was closed")),
            Err(_) => {
                return Err(TransportError::Timeout {
                    host,
                    limit: request.timeout,
                });
            }
        };
        read(&answer, host, request.timeout, body)
    }
}

impl EmbeddersClient {
    fn event<'e>(&'e self, question: u64, request: &'e HttpRequest) -> Event<'e> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = request.headers.iter();
        Event::HttpAsked {
            question,
            connection: &self.connection,
            method: request.method.as_str(),
            url: request.url.as_str(),
            headers: headers
                .map(|(name, value)| (name.as_str(), text(value)))
                .collect(),
            body: BASE64_STANDARD.encode(&request.body),
            timeout_milliseconds: u64::try_from(request.timeout.as_millis()).unwrap_or(u64::MAX),
            addresses: match request.addresses {
                AddressPolicy::Public => "public",
                AddressPolicy::Private => "private",
                AddressPolicy::Loopback => "loopback",
            },
        }
    }
}

fn read(
    answer: &str,
    host: String,
    limit: std::time::Duration,
    meter: &mut BodyMeter,
) -> Result<HttpResponse, TransportError> {
    // The text may hold what a log must not.
    let answer = serde_json::from_str(answer)
        .map_err(|_| broken(host.clone(), "the embedder's answer is not a response"))?;
    let (status, headers, body) = match answer {
        Answer::Response {
            status,
            headers,
            body,
        } => (status, headers, body),
        Answer::Failed { error } => return Err(failure(error, host, limit)),
    };
    // Four characters of Base64 are three bytes.
    meter.take(body.len() / 4 * 3)?;
    let not_readable = |what: &str| broken(host.clone(), what);
    let body = BASE64_STANDARD
        .decode(body)
        .map_err(|_| not_readable("the body of the embedder's answer is not Base64"))?;
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name);
        let value = HeaderValue::try_from(value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(not_readable(
                "the embedder's answer has a header that can't be one",
            ));
        };
        map.append(name, value);
    }
    Ok(HttpResponse {
        status,
        headers: map,
        body,
    })
}

fn failure(
    Failed { kind, message }: Failed,
    host: String,
    limit: std::time::Duration,
) -> TransportError {
    let reason = message;
    match kind {
        Kind::Denied => TransportError::Denied(reason),
        Kind::Timeout => TransportError::Timeout { host, limit },
        Kind::Connect => TransportError::Connect { host, reason },
        Kind::Tls => TransportError::Tls { host, reason },
        Kind::Protocol => TransportError::Protocol { host, reason },
    }
}

fn broken(host: String, reason: &str) -> TransportError {
    TransportError::Protocol {
        host,
        reason: reason.to_owned(),
    }
}
