//! Reads the JSON that an embedder gives.

use serde::Deserialize;

use crate::errors::Failure;

/// Reads a document. `what` names it in the error.
///
/// # Errors
/// It isn't JSON, or not as it has to be.
pub(crate) fn json<'de, T: Deserialize<'de>>(text: &'de str, what: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::invalid(
            format!("{what} can't be read: {error}"),
            "host-harness/c/README.md has the form of each document.",
        )
    })
}
