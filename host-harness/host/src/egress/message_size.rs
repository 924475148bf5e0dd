//! What requests and responses count against the limits of bytes.

use crate::contract::v0_2::bindings::capabilities::http::{Header, Request};

/// What a header counts beside its name and value, as in RFC 9113, section 6.5.2: what it costs to
/// keep it.
const HEADER_BYTES: usize = 32;

/// What a request counts.
pub(crate) fn request_bytes(request: &Request) -> usize {
    let Request {
        method,
        url,
        headers,
        body,
        timeout: _,
    } = request;
    [method.len(), url.len(), headers_bytes(headers), body.len()]
        .into_iter()
        .fold(0, usize::saturating_add)
}

/// What headers count.
pub(crate) fn headers_bytes(headers: &[Header]) -> usize {
    headers.iter().fold(0, |sum, Header { name, value }| {
        let bytes = name.len().saturating_add(value.len());
        sum.saturating_add(bytes.saturating_add(HEADER_BYTES))
    })
}
