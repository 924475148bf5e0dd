//! What is wrong with a job, in JSON.

use polysync_host::contract::{Finding, Severity};
use serde::Serialize;

/// The document of `validate`.
#[derive(Debug, Serialize)]
pub(crate) struct ValidationView<'a> {
    valid: bool,
    findings: &'a [Finding],
}

impl<'a> From<&'a [Finding]> for ValidationView<'a> {
    fn from(findings: &'a [Finding]) -> Self {
        Self {
            valid: findings
                .iter()
                .all(|finding| finding.severity != Severity::Error),
            findings,
        }
    }
}
