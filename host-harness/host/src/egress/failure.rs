//! What a failure of the HTTP client means.
//!
//! `anyhow::Chain` walks the sources of an error too, but not through `io::Error`, which doesn't call
//! the error that it wraps its source; that is where the resolver's and TLS's errors are.

use std::error::Error;
use std::io;
use std::time::Duration;

use crate::egress::resolver::AddressDenied;
use crate::egress::transport::TransportError;
use crate::text;

/// The transport error for a failed request. The most specific causes are tried first.
pub(crate) fn explain(error: &reqwest::Error, host: String, limit: Duration) -> TransportError {
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

/// An error and its causes, outermost first.
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
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let cause = causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    // It can hold words of the server's.
    text::line(&cause, text::LINE_BYTES).into_owned()
}
