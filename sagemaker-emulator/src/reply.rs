//! A reply, and how it goes over the connection: whole, in part, or not at all.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use uuid::Uuid;

use crate::errors::ServiceError;

const AMZ_JSON: &str = "application/x-amz-json-1.1";

/// An answer before it is sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) error_type: Option<String>,
    pub(crate) body: String,
    pub(crate) retry_after: Option<u64>,
    pub(crate) date: Option<SystemTime>,
    pub(crate) latency: Duration,
    pub(crate) delivery: Delivery,
}

/// How much of a reply arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// The head and half of the body.
    Truncated,
    /// Nothing.
    Dropped,
}

impl Reply {
    fn new(status: u16, content_type: &'static str, body: String) -> Self {
        Self {
            status,
            content_type,
            error_type: None,
            body,
            retry_after: None,
            date: None,
            latency: Duration::ZERO,
            delivery: Delivery::Whole,
        }
    }

    /// What the service answers.
    pub(crate) fn of(result: Result<Value, ServiceError>) -> Self {
        match result {
            Ok(answer) => Self::new(200, AMZ_JSON, answer.to_string()),
            Err(error) => Self {
                error_type: Some(error.code.clone()),
                ..Self::new(error.status, AMZ_JSON, error.body().to_string())
            },
        }
    }

    /// An error page as a proxy before the service sends it.
    pub(crate) fn html(status: u16) -> Self {
        let body = format!("<html><body><h1>{status}</h1><p>Please try again.</p></body></html>");
        Self::new(status, "text/html", body)
    }

    /// A success whose body is no JSON.
    pub(crate) fn garbage() -> Self {
        Self::new(200, AMZ_JSON, "{\"Pipeline\u{fffd}…".to_owned())
    }

    /// Nothing but the end of the connection.
    pub(crate) fn dropped() -> Self {
        Self {
            delivery: Delivery::Dropped,
            // A body of no length would never be asked for, and so never break.
            ..Self::new(500, AMZ_JSON, "{}".to_owned())
        }
    }

    /// Sends it, after its latency.
    pub(crate) async fn send(self) -> Response {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.set_headers(response.headers_mut());
        *response.body_mut() = body(self.body, self.delivery);
        response
    }

    fn set_headers(&self, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, value: Option<String>| {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                headers.insert(name, value);
            }
        };
        set(
            header::CONTENT_TYPE.as_str(),
            Some(self.content_type.to_owned()),
        );
        set(
            header::CONTENT_LENGTH.as_str(),
            Some(self.body.len().to_string()),
        );
        set(
            header::DATE.as_str(),
            self.date.map(httpdate::fmt_http_date),
        );
        set("x-amzn-requestid", Some(Uuid::new_v4().to_string()));
        set("x-amzn-errortype", self.error_type.clone());
        set(
            "x-amz-retry-after",
            self.retry_after.map(|millis| millis.to_string()),
        );
    }
}

/// The server gives a connection up when a body fails: at once, before the head is out, or later.
fn body(text: String, delivery: Delivery) -> Body {
    let bytes = Bytes::from(text);
    let broken = || Err::<Bytes, _>(io::Error::other("the connection is to break here"));
    match delivery {
        Delivery::Whole => Body::from(bytes),
        Delivery::Dropped => Body::from_stream(stream::iter([broken()])),
        Delivery::Truncated => {
            let half = bytes.slice(..bytes.len() / 2);
            let end = stream::once(async move {
                // Lets the server send what it has before it learns of the break.
                tokio::task::yield_now().await;
                broken()
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(end))
        }
    }
}
