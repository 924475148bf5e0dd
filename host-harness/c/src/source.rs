//! Where a component comes from.

use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use polysync_host::{Digest, Source};
use serde::Deserialize;

use crate::errors::Failure;

/// A component: `{ "file": "PATH" }` or `{ "bytes": "BASE64" }`, each with `"sha256": "HEX"` to accept this
/// build alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceView {
    file: Option<PathBuf>,
    bytes: Option<String>,
    sha256: Option<Digest>,
}

impl SourceView {
    /// The source.
    ///
    /// # Errors
    /// It has not exactly one of `file` and `bytes`, or the bytes are not Base64.
    pub(crate) fn read(self) -> Result<Source, Failure> {
        let source = match (self.file, self.bytes) {
            (Some(path), None) => Source::file(path),
            (None, Some(bytes)) => {
                Source::bytes(BASE64_STANDARD.decode(bytes).map_err(|error| {
                    Failure::invalid(
                        format!("the component's bytes are not Base64: {error}"),
                        "Encode the bytes of the component's file.",
                    )
                })?)
            }
            _ => {
                return Err(Failure::invalid(
                    "the component has to have either `file` or `bytes`",
                    "Name the component's file.",
                ));
            }
        };
        Ok(match self.sha256 {
            Some(digest) => source.pinned(digest),
            None => source,
        })
    }
}
