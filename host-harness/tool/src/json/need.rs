//! What a plugin asks to be granted, in JSON.

use std::borrow::Cow;

use polysync_host::GrantRequests;
use serde::Serialize;

/// A need, and why it can't be accepted.
#[derive(Debug, Serialize)]
pub(crate) struct NeedView<'a> {
    capability: &'a str,
    value: Cow<'a, str>,
    /// None for a need that a person may accept.
    refused: Option<String>,
}

impl<'a> NeedView<'a> {
    pub(crate) fn all(requests: &'a GrantRequests) -> Vec<Self> {
        let valid = requests.valid().iter().map(|request| Self {
            capability: request.capability(),
            value: request.value().into(),
            refused: None,
        });
        let refused = requests.refused().iter().map(|request| Self {
            capability: request.capability(),
            value: request.value().into(),
            refused: Some(request.reason()),
        });
        valid.chain(refused).collect()
    }
}
