//! What happens while runs are followed.

use std::sync::Arc;
use std::time::Duration;

use polysync_host::contract::{Attribute, Cancellation, Finding, RunStatus, Step};
use polysync_host::{GrantRequests, LoadError, NothingToRollBackTo, PluginIdentity};
use uuid::Uuid;

use super::call::{Call, CallFailure};
use super::record::Record;
use super::step_logs::StepLog;
use super::summary::Summary;

/// What to know about a record that was put aside.
pub(crate) const PUT_ASIDE: &str = "the record of this run can't be understood; it is kept aside in the \
     ledger, and the run isn't followed: look for it on the platform";

/// What to know about runs whose job type isn't served.
pub(crate) fn left_alone(job_type: &str) -> String {
    format!(
        "no plugin serves the job type `{job_type}`: its runs stay in the ledger and aren't followed \
         until serve is started with its --component too"
    )
}

/// One thing that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// Something about a run, whose record is in the ledger already.
    Run(Box<Record>, RunEvent),

    /// Runs are taken from now on.
    Serving(Summary),
    /// No more calls are begun; those that are under way end.
    Stopping,
    /// All has ended.
    Served { summary: Summary, exit_code: u8 },
    /// A job or an order can't be taken, for this reason.
    NotTaken(String),
    /// The record of a run can't be understood. It is put aside in the ledger.
    PutAside(Uuid),
    /// So many runs aren't over and aren't followed, because their job type isn't served.
    LeftAlone { job_type: String, runs: usize },
    /// Runs that were over for long aren't in the ledger any more; so many.
    Pruned(u64),
    /// Another plugin serves.
    Swapped {
        from: Arc<PluginIdentity>,
        to: Arc<PluginIdentity>,
        /// What it asks for and isn't granted.
        missing: GrantRequests,
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
    /// The earlier plugin can't be brought back.
    RollbackFailed {
        error: LoadError,
        serving: Arc<PluginIdentity>,
    },
    /// A generation that was swapped out has ended its last call.
    Drained(Arc<PluginIdentity>),
}

/// One thing that happened to a run.
#[derive(Debug)]
pub(crate) enum RunEvent {
    /// A warning about the job; it is started all the same.
    Finding(Finding),
    /// There is a run to start: the event of `serve`.
    Accepted,
    /// The platform is about to be asked for the run, and the same GUID gives the same run: the event
    /// of `run`.
    Starting,
    /// A run that the platform has is followed from now on.
    Following { monitor_url: Option<String> },
    /// The platform has the run.
    Started {
        details: Vec<Attribute>,
        monitor_url: Option<String>,
    },
    /// The run is in another state, and isn't finished.
    Status(Box<RunStatus>),
    /// Steps of the run are new or have changed.
    Steps {
        all: Vec<Step>,
        /// Those that are new or have changed, by their indices in `all`.
        changed: Vec<usize>,
    },
    /// A call failed, which is not the run's end. It is made again if there is a time for it.
    Error {
        call: Call,
        /// The plugin that was called.
        plugin: Arc<PluginIdentity>,
        failure: CallFailure,
        retry_in: Option<Duration>,
    },
    /// Somebody wants the run cancelled.
    CancelWanted,
    /// Somebody wants the run retried: it isn't finished any more.
    RetryWanted,
    /// Somebody has said which run of the platform it is, after a start whose outcome wasn't known.
    Adopted,
    /// The platform runs again what failed.
    Retried { details: Vec<Attribute> },
    /// The platform was asked to stop the run, and answered.
    Cancelling(Cancellation),
    /// Nothing more is done for the run.
    Finished {
        /// The platform's last word; none if it wasn't asked or didn't answer.
        status: Option<Box<RunStatus>>,
        /// All steps, if they are listed.
        steps: Vec<Step>,
        /// The ends of the logs of the steps to blame, where they are wanted.
        logs: Vec<StepLog>,
        monitor_url: Option<String>,
    },
    /// The user doesn't follow the run any more; it goes on, if it was started.
    Left,
}

impl Event {
    /// Whether something failed.
    pub(crate) fn is_error(&self) -> bool {
        matches!(
            self,
            Self::Run(_, RunEvent::Error { .. })
                | Self::NotTaken(_)
                | Self::PutAside(_)
                | Self::SwapRefused { .. }
                | Self::RollbackRefused(_)
                | Self::RollbackFailed { .. }
        )
    }
}
