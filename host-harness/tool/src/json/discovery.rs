//! Jobs as the platform knows them, in JSON.

use polysync_host::contract::DiscoveredJob;
use serde::Serialize;

use super::error::ErrorView;

/// What `discover` found; with an error, what it found before that.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiscoveryView<'a> {
    pub(crate) jobs: &'a [DiscoveredJob],
    pub(crate) notes: &'a [String],
    /// The cursor of the page that failed; none without an error.
    pub(crate) next_cursor: Option<&'a str>,
    pub(crate) error: Option<ErrorView<'a>>,
}
