//! What happens while runs are followed.

use std::sync::Arc;
use std::time::Duration;

use polysync_host::contract::{Attribute, CancelOutcome, Finding, RunStatus, Step};
use polysync_host::{LoadError, NothingToRollBackTo, PluginIdentity};

use super::call::{Call, CallFailure};
use super::record::Record;
use super::summary::Summary;

/// One thing that happened. A record in it is in the ledger already.
#[derive(Debug)]
pub(crate) enum Event {
    /// A warning about the job; it is started all the same.
    Finding {
        record: Box<Record>,
        finding: Finding,
    },
    /// There is a run to start.
    Accepted { record: Box<Record> },
    /// The platform is about to be asked for the run. The same GUID gives the same run.
    Starting { record: Box<Record> },
    /// The platform has the run.
    Started {
        record: Box<Record>,
        details: Vec<Attribute>,
        monitor_url: Option<String>,
    },
    /// The run is in another state, and isn't finished.
    Status {
        record: Box<Record>,
        status: Box<RunStatus>,
    },
    /// Steps of the run are new or have changed.
    Steps {
        record: Box<Record>,
        /// All steps of the run.
        all: Vec<Step>,
        /// Those that are new or have changed, by their places in `all`.
        changed: Vec<usize>,
    },
    /// A call failed, which is not the run's end. It is made again where there is a time for it.
    Error {
        record: Box<Record>,
        call: Call,
        /// The plugin that was called.
        plugin: Arc<PluginIdentity>,
        failure: CallFailure,
        retry_in: Option<Duration>,
    },
    /// Somebody wants the run cancelled.
    CancelWanted { record: Box<Record> },
    /// The platform was asked to stop the run, and answered.
    Cancelling {
        record: Box<Record>,
        outcome: CancelOutcome,
        message: String,
    },
    /// Nothing more is done for the run.
    Finished {
        record: Box<Record>,
        /// The platform's last word; none where it wasn't asked or didn't answer.
        status: Option<Box<RunStatus>>,
        /// All steps, where they are listed.
        steps: Vec<Step>,
        monitor_url: Option<String>,
    },
    /// The user doesn't follow the run any more; it goes on, if it was started.
    Left { record: Box<Record> },

    /// Runs are taken from now on.
    Serving(Summary),
    /// No more calls are begun; those that are under way end.
    Stopping,
    /// All has ended.
    Served { summary: Summary, exit_code: u8 },
    /// A job or an order can't be taken, for this reason.
    NotTaken(String),
    /// Another plugin serves.
    Swapped {
        from: Arc<PluginIdentity>,
        to: Arc<PluginIdentity>,
    },
    /// The plugin that was to be swapped in serves already.
    SwapUnchanged(Arc<PluginIdentity>),
    /// A plugin can't be swapped in.
    SwapRefused {
        error: LoadError,
        serving: Arc<PluginIdentity>,
    },
    /// There is no earlier plugin to go back to.
    RollbackRefused(NothingToRollBackTo),
    /// A generation that was swapped out has ended its last call.
    Drained(Arc<PluginIdentity>),
}

impl Event {
    /// The record of the run that it is about.
    pub(crate) fn record(&self) -> Option<&Record> {
        match self {
            Self::Finding { record, .. }
            | Self::Accepted { record }
            | Self::Starting { record }
            | Self::Started { record, .. }
            | Self::Status { record, .. }
            | Self::Steps { record, .. }
            | Self::Error { record, .. }
            | Self::CancelWanted { record }
            | Self::Cancelling { record, .. }
            | Self::Finished { record, .. }
            | Self::Left { record } => Some(record),
            Self::Serving(_)
            | Self::Stopping
            | Self::Served { .. }
            | Self::NotTaken(_)
            | Self::Swapped { .. }
            | Self::SwapUnchanged(_)
            | Self::SwapRefused { .. }
            | Self::RollbackRefused(_)
            | Self::Drained(_) => None,
        }
    }

    /// Whether something failed.
    pub(crate) fn is_error(&self) -> bool {
        matches!(
            self,
            Self::Error { .. }
                | Self::NotTaken(_)
                | Self::SwapRefused { .. }
                | Self::RollbackRefused(_)
        )
    }
}
