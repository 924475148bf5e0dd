//! What a job type is, in JSON.

use polysync_host::Digest;
use polysync_host::contract::{ContractVersion, Description};
use serde::Serialize;

use super::need::NeedView;
use crate::needs::Needs;

/// The document of `describe`.
#[derive(Debug, Serialize)]
pub(crate) struct DescriptionView<'a> {
    #[serde(flatten)]
    description: &'a Description,
    /// The version of the contract that it speaks.
    contract: ContractVersion,
    sha256: Digest,
    /// None where nothing is known of the connection.
    needs: Option<Vec<NeedView<'a>>>,
}

impl<'a> DescriptionView<'a> {
    pub(crate) fn new(
        description: &'a Description,
        contract: ContractVersion,
        sha256: Digest,
        needs: Option<&Needs<'a>>,
    ) -> Self {
        Self {
            description,
            contract,
            sha256,
            needs: needs.map(NeedView::described),
        }
    }
}
