//! What a job type is, in JSON.

use polysync_host::GrantRequests;
use polysync_host::contract::Description;
use serde::Serialize;

use super::need::NeedView;

/// The document of `describe`.
#[derive(Debug, Serialize)]
pub(crate) struct DescriptionView<'a> {
    #[serde(flatten)]
    description: &'a Description,
    needs: Vec<NeedView<'a>>,
}

impl<'a> DescriptionView<'a> {
    pub(crate) fn new(description: &'a Description, requests: &'a GrantRequests) -> Self {
        Self {
            description,
            needs: NeedView::all(requests),
        }
    }
}
