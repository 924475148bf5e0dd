//! What `test-connection` found, in JSON.

use polysync_host::contract::ConnectionReport;
use serde::Serialize;

use super::Named;

#[derive(Debug, Serialize)]
pub(crate) struct ConnectionReportView<'a> {
    message: &'a str,
    details: Named<'a>,
}

impl<'a> From<&'a ConnectionReport> for ConnectionReportView<'a> {
    fn from(report: &'a ConnectionReport) -> Self {
        Self {
            message: &report.message,
            details: Named(&report.details),
        }
    }
}
