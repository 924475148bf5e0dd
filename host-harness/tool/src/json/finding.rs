//! What is wrong with a job, in JSON.

use polysync_host::contract::{Finding, Severity};
use serde::Serialize;

use crate::words;

#[derive(Debug, Serialize)]
pub(crate) struct ValidationView<'a> {
    valid: bool,
    findings: Vec<FindingView<'a>>,
}

impl<'a> From<&'a [Finding]> for ValidationView<'a> {
    fn from(findings: &'a [Finding]) -> Self {
        Self {
            valid: findings
                .iter()
                .all(|finding| finding.severity != Severity::Error),
            findings: findings.iter().map(FindingView::from).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct FindingView<'a> {
    severity: &'static str,
    field: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Finding> for FindingView<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            severity: words::severity(finding.severity),
            field: &finding.field,
            message: &finding.message,
        }
    }
}
