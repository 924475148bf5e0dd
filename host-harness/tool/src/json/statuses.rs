//! The states of several runs, in JSON.

use polysync_host::PluginIdentity;
use polysync_host::contract::{Run, RunStatus};
use serde::Serialize;

use super::error::ErrorView;
use super::run::StatusDocument;
use crate::runs::call::CallFailure;

/// The document of `status` for several runs.
#[derive(Debug, Serialize)]
pub(crate) struct StatusesDocument<'a> {
    runs: Vec<RunDocument<'a>>,
}

/// What is known of one run.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum RunDocument<'a> {
    /// As for one run alone.
    Status(Box<StatusDocument<'a>>),
    Error {
        #[serde(flatten)]
        run: &'a Run,
        error: ErrorView<'a>,
    },
}

impl<'a> StatusesDocument<'a> {
    pub(crate) fn new(
        runs: impl IntoIterator<Item = (&'a Run, &'a Result<RunStatus, CallFailure>)>,
        plugin: &'a PluginIdentity,
    ) -> Self {
        let document = |(run, status): (&'a Run, &'a Result<RunStatus, CallFailure>)| match status {
            Ok(status) => RunDocument::Status(Box::new(StatusDocument::new(run, status, plugin))),
            Err(failure) => RunDocument::Error {
                run,
                error: ErrorView::from(failure),
            },
        };
        Self {
            runs: runs.into_iter().map(document).collect(),
        }
    }
}
