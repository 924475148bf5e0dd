//! A reply, and how much of it goes over the connection: all, a part, or nothing.

use std::io;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream::{self, StreamExt};
use uuid::Uuid;

use crate::api::error::ServiceError;

const AMZ_JSON: &str = "application/x-amz-json-1.1";

/// A response before it is sent.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) error_type: Option<String>,
    pub(super) body: String,
    /// Milliseconds, for `x-amz-retry-after`.
    pub(super) retry_after: Option<u64>,
    pub(super) date: Option<SystemTime>,
    pub(super) latency: Duration,
    pub(super) delivery: Delivery,
}

/// How much of a reply arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
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

    pub(super) fn error(error: ServiceError) -> Self {
        Self {
            body: error.body().to_string(),
            error_type: Some(error.code),
            ..Self::new(error.status, AMZ_JSON, String::new())
        }
    }

    /// An error page, as a proxy sends it.
    pub(super) fn html(status: u16) -> Self {
        let body = format!("<html><body><h1>{status}</h1><p>Please try again.</p></body></html>");
        Self::new(status, "text/html", body)
    }

    /// A success with a body that is not JSON.
    pub(super) fn garbage() -> Self {
        Self::new(200, AMZ_JSON, "{\"Pipeline\u{fffd}…".to_owned())
    }

    /// Only the end of the connection.
    pub(super) fn dropped() -> Self {
        Self {
            delivery: Delivery::Dropped,
            // The server never polls an empty body, so it couldn't fail.
            ..Self::new(500, AMZ_JSON, "{}".to_owned())
        }
    }

    /// Waits for the latency and builds the HTTP response.
    pub(super) async fn into_response(self) -> Response {
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

/// The reply with a response's body, or with an error.
impl From<Result<String, ServiceError>> for Reply {
    fn from(result: Result<String, ServiceError>) -> Self {
        match result {
            Ok(response) => Self::new(200, AMZ_JSON, response),
            Err(error) => Self::error(error),
        }
    }
}

/// A body that breaks the connection unless the delivery is whole: the server closes a connection
/// when a body fails.
fn body(text: String, delivery: Delivery) -> Body {
    let bytes = Bytes::from(text);
    let broken = || Err::<Bytes, _>(io::Error::other("an injected fault breaks the connection"));
    match delivery {
        Delivery::Whole => Body::from(bytes),
        Delivery::Dropped => Body::from_stream(stream::iter([broken()])),
        Delivery::Truncated => {
            let half = bytes.slice(..bytes.len() / 2);
            let end = stream::once(async move {
                // Lets the server send the first half before the body fails.
                tokio::task::yield_now().await;
                broken()
            });
            Body::from_stream(stream::iter([Ok(half)]).chain(end))
        }
    }
}
