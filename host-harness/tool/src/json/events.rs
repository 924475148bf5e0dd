//! What `run --json` tells, one object a line.

use jiff::Timestamp;
use serde::Serialize;

use super::error::ErrorView;
use super::job::FindingView;
use super::plugin::PluginView;
use super::run::{CancellationView, StartedView, StatusView, StepView};

#[derive(Debug, Serialize)]
pub(crate) struct Event<'a> {
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) what: What<'a>,
}

#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum What<'a> {
    /// A warning about the job.
    Finding(FindingView<'a>),
    /// The platform is about to be asked. The same guid gives the same run.
    Starting { guid: String, external_id: &'a str },
    /// There is a run.
    Started(StartedView<'a>),
    /// The run is in another state, and not over.
    Status(StatusView<'a>),
    /// A step is new or changed.
    Step(StepView<'a>),
    /// Something failed, and the tool goes on: it tries again where `retryInSeconds` is given.
    Trouble {
        doing: &'a str,
        retry_in_seconds: Option<f64>,
        error: ErrorView<'a>,
    },
    /// The platform was asked to stop the run.
    Cancelling(CancellationView<'a>),
    /// The last one: the run is over.
    Finished {
        exit_code: u8,
        #[serde(flatten)]
        status: StatusView<'a>,
    },
    /// The last one: the user left; the run goes on.
    Left {
        exit_code: u8,
        guid: String,
        external_id: &'a str,
        run_id: Option<&'a str>,
    },
    /// The last one: the tool can't go on. If there was `started`, the run does.
    Error {
        exit_code: u8,
        error: ErrorView<'a>,
        plugin: Option<PluginView>,
    },
}
