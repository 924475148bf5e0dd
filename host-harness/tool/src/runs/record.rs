//! What the ledger knows of a run, and what to do for the run next, which the
//! [runner](super::runner) does.
//!
//! ```text
//! Accepted ──► Starting ──► Running ──────► Finished
//!     │            │          ▲                │ ▲ ▲
//!     │            │          └── Retrying ◄───┘ │ │
//!     │            └─────────────────────────────┘ │
//!     └────────────────────────────────────────────┘
//! ```
//!
//! A run is `Starting` on disk before its start is sent. So a restart that finds `Accepted` knows
//! that nothing was sent. One that finds `Starting` sends the same GUID again, since the platform
//! may have the run already; the same GUID gives the same run. Where the plugin doesn't promise that,
//! the run is `Finished` as uncertain, and somebody says which run of the platform it is.

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use polysync_host::contract::{Job, Run};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ending::Ending;
use super::job;
use super::state::State;
use super::wish::{self, CancelWish, Wanted, WishOutcome};
use crate::non_blank::non_blank;

/// A run. Its JSON is the ledger's format: what an older tool wrote has to be read back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) guid: Uuid,
    /// Where the job came from: the name of its file, or `stdin`.
    pub(crate) origin: String,
    /// The id of the job type that the job is for.
    pub(crate) job_type: String,
    #[serde(deserialize_with = "job::deserialize")]
    pub(crate) job: Job,
    pub(crate) progress: Progress,
    /// The latest wish to cancel it, since it was started or retried.
    #[serde(default, deserialize_with = "wish::deserialize")]
    pub(crate) cancel: Option<CancelWish>,
    /// When the file beside its job that cancelled it was last changed.
    #[serde(default)]
    pub(crate) cancel_file: Option<Timestamp>,
    /// The platform's own word for its state; empty until it gave one.
    pub(crate) platform_status: String,
    pub(crate) accepted_at: Timestamp,
    /// The plugin that started it.
    pub(crate) started_by: Option<PluginIdentity>,
    /// The plugin that answered last.
    pub(crate) answered_by: Option<PluginIdentity>,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    tag = "state",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Progress {
    /// Nothing was sent.
    Accepted,
    /// A start was sent, or may have been.
    Starting,
    /// The platform has it.
    Running { run_id: String },
    /// A retry was sent, or may have been.
    Retrying {
        run_id: String,
        /// Names this retry: sent again after a crash, it is the same one.
        guid: Uuid,
    },
    /// Nothing more is to be done.
    #[serde(rename = "over")]
    Finished {
        run_id: Option<String>,
        ending: Ending,
        reason: Option<String>,
        at: Timestamp,
    },
}

/// What to do for a run next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// End it without having started it.
    Withdraw,
    Start,
    Cancel,
    Retry,
    Poll,
    Nothing,
}

impl Record {
    /// A run that nothing was done for yet.
    pub(crate) fn new(guid: Uuid, origin: String, job_type: String, job: &Job) -> Self {
        Self {
            guid,
            origin,
            job_type,
            job: job.clone(),
            progress: Progress::Accepted,
            cancel: None,
            cancel_file: None,
            platform_status: String::new(),
            accepted_at: Timestamp::now(),
            started_by: None,
            answered_by: None,
        }
    }

    /// A run that the platform has already, and that is followed without a GUID of its own.
    pub(crate) fn of_run(run: &Run, origin: String, job_type: String) -> Self {
        let job = Job {
            external_id: run.external_id.clone().unwrap_or_default(),
            attributes: Vec::new(),
            parameters: Vec::new(),
        };
        let run_id = run.run_id.clone();
        Self {
            progress: Progress::Running { run_id },
            ..Self::new(Uuid::nil(), origin, job_type, &job)
        }
    }

    /// What to do next.
    pub(crate) fn next(&self) -> Next {
        match &self.progress {
            Progress::Accepted if self.is_cancel_pending() => Next::Withdraw,
            Progress::Accepted | Progress::Starting => Next::Start,
            Progress::Running { .. } if self.is_cancel_pending() => Next::Cancel,
            Progress::Running { .. } => Next::Poll,
            Progress::Retrying { .. } => Next::Retry,
            Progress::Finished { .. } => Next::Nothing,
        }
    }

    /// The platform's id of the run, once there is one.
    pub(crate) fn run_id(&self) -> Option<&str> {
        match &self.progress {
            Progress::Running { run_id } | Progress::Retrying { run_id, .. } => Some(run_id),
            Progress::Finished { run_id, .. } => run_id.as_deref(),
            Progress::Accepted | Progress::Starting => None,
        }
    }

    /// The platform's run, once there is one.
    pub(crate) fn run(&self) -> Option<Run> {
        let external_id = non_blank(Some(&self.job.external_id));
        Some(Run {
            external_id: external_id.map(str::to_owned),
            run_id: self.run_id()?.to_owned(),
        })
    }

    /// The platform has the run.
    pub(crate) fn start(&mut self, run_id: String, by: &PluginIdentity) {
        self.started_by = Some(by.clone());
        self.answered_by = Some(by.clone());
        self.progress = Progress::Running { run_id };
    }

    /// Takes a wish to cancel the run. Whether it is a new one, and not one that is pending already.
    pub(crate) fn want_cancelled(&mut self, wanted: Wanted) -> bool {
        self.cancel_file = wanted.file.or(self.cancel_file);
        if self.is_cancel_pending() {
            return false;
        }
        self.cancel = Some(CancelWish {
            guid: Some(wanted.guid),
            outcome: WishOutcome::Pending,
        });
        true
    }

    /// What came of the wish to cancel the run; the platform isn't asked again for this wish.
    pub(crate) fn settle_cancel(&mut self, outcome: WishOutcome) {
        if let Some(wish) = &mut self.cancel {
            wish.outcome = outcome;
        }
    }

    fn is_cancel_pending(&self) -> bool {
        self.cancel
            .is_some_and(|wish| wish.outcome == WishOutcome::Pending)
    }

    /// What names the wish to cancel the run.
    pub(crate) fn cancel_guid(&self) -> Uuid {
        self.cancel.and_then(|wish| wish.guid).unwrap_or(self.guid)
    }

    /// Takes a wish to retry the run, which has to be finished and known to the platform. Whether it
    /// is.
    pub(crate) fn want_retried(&mut self, guid: Uuid) -> bool {
        let Progress::Finished {
            run_id: Some(run_id),
            ..
        } = &self.progress
        else {
            return false;
        };
        let run_id = run_id.clone();
        self.progress = Progress::Retrying { run_id, guid };
        // An earlier cancellation is over; the retried run needs a wish of its own.
        self.cancel = None;
        true
    }

    /// Takes this run of the platform for the one that an uncertain start began. Returns false for a run
    /// whose start isn't uncertain.
    pub(crate) fn want_adopted(&mut self, run_id: String) -> bool {
        let is_uncertain = self.ending() == Some(Ending::Uncertain);
        if is_uncertain {
            self.progress = Progress::Running { run_id };
            // Whoever wanted the start cancelled didn't know this run.
            self.cancel = None;
        }
        is_uncertain
    }

    /// The retry was made, or isn't made any more: the next poll says how the run is.
    pub(crate) fn retried(&mut self) {
        if let Progress::Retrying { run_id, .. } = &self.progress {
            let run_id = run_id.clone();
            self.progress = Progress::Running { run_id };
        }
    }

    /// Nothing more is to be done for the run.
    pub(crate) fn finish(&mut self, ending: Ending, reason: Option<String>) {
        self.progress = Progress::Finished {
            run_id: self.run_id().map(str::to_owned),
            ending,
            reason,
            at: Timestamp::now(),
        };
    }

    /// The state in one word.
    pub(crate) fn state(&self) -> State {
        match &self.progress {
            Progress::Accepted => State::Accepted,
            Progress::Starting => State::Starting,
            Progress::Running { .. } => State::Running,
            Progress::Retrying { .. } => State::Retrying,
            Progress::Finished { ending, .. } => State::Over(*ending),
        }
    }

    /// How it ended; none as long as it hasn't.
    pub(crate) fn ending(&self) -> Option<Ending> {
        match &self.progress {
            Progress::Finished { ending, .. } => Some(*ending),
            _ => None,
        }
    }

    /// Why it ended as it did, where anybody said so.
    pub(crate) fn reason(&self) -> Option<&str> {
        match &self.progress {
            Progress::Finished { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
