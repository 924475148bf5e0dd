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
//! may have the run already; the same GUID gives the same run.

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use polysync_host::contract::{Job, Run};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ending::Ending;
use super::job;
use super::state::State;
use super::wish::{self, CancelWish, Wanted, WishOutcome};

/// A run. Its JSON is the ledger's format: what an older tool wrote has to be read back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) guid: Uuid,
    /// Where the job came from: the name of its file, or `stdin`.
    pub(crate) origin: String,
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
    pub(crate) fn new(guid: Uuid, origin: String, job: &Job) -> Self {
        Self {
            guid,
            origin,
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
        Some(Run {
            external_id: Some(self.job.external_id.clone()),
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
mod tests {
    use super::*;
    use crate::samples::{self, record};

    #[test]
    fn a_run_is_started_polled_and_finished() {
        let mut record = record();
        assert_eq!(record.next(), Next::Start);
        record.progress = Progress::Starting;
        assert_eq!(record.next(), Next::Start);
        record.start("run-1".into(), &samples::plugin());
        assert_eq!(record.next(), Next::Poll);
        record.finish(Ending::Success, None);
        assert_eq!(record.next(), Next::Nothing);
        assert_eq!(record.run().unwrap().run_id, "run-1");
    }

    #[test]
    fn a_run_is_withdrawn_only_as_long_as_nothing_can_have_been_sent() {
        let mut record = record();
        assert!(record.want_cancelled(Wanted::new()));
        assert_eq!(record.next(), Next::Withdraw);
        record.progress = Progress::Starting;
        assert_eq!(record.next(), Next::Start);
        record.start("run-1".into(), &samples::plugin());
        assert_eq!(record.next(), Next::Cancel);
        record.settle_cancel(WishOutcome::Accepted);
        assert_eq!(record.next(), Next::Poll);
    }

    #[test]
    fn a_wish_that_is_pending_is_the_same_wish_and_one_that_is_settled_leaves_room_for_another() {
        let mut record = record();
        record.start("run-1".into(), &samples::plugin());
        for outcome in [WishOutcome::Accepted, WishOutcome::Refused] {
            let wish = Wanted::new();
            assert!(record.want_cancelled(wish));
            assert!(!record.want_cancelled(Wanted::new()));
            assert_eq!(record.cancel_guid(), wish.guid);
            record.settle_cancel(outcome);
            assert_eq!(record.next(), Next::Poll);
        }
    }

    #[test]
    fn only_a_finished_run_that_the_platform_has_is_retried_and_its_cancellation_is_forgotten() {
        let mut record = record();
        let guid = Uuid::from_u128(8);
        assert!(!record.want_retried(guid), "accepted");
        record.start("run-1".into(), &samples::plugin());
        assert!(!record.want_retried(guid), "running");
        record.want_cancelled(Wanted::new());
        record.settle_cancel(WishOutcome::Accepted);
        record.finish(Ending::Cancelled, None);
        assert!(record.want_retried(guid));
        assert_eq!(record.next(), Next::Retry);
        record.retried();
        assert_eq!(record.next(), Next::Poll);
        assert_eq!(record.run_id(), Some("run-1"));
        assert!(record.want_cancelled(Wanted::new()));

        let mut refused = samples::record();
        refused.finish(Ending::Refused, None);
        assert!(!refused.want_retried(guid), "never started");
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let mut record = record();
        record.start("run-1".into(), &samples::plugin());
        let mut cancelled = record.clone();
        cancelled.want_cancelled(Wanted::from_file(Some(Timestamp::UNIX_EPOCH)));
        let mut finished = cancelled.clone();
        finished.settle_cancel(WishOutcome::Refused);
        finished.finish(Ending::Failed, Some("why".into()));
        let mut retried = finished.clone();
        assert!(retried.want_retried(Uuid::from_u128(8)));
        for record in [record, cancelled, finished, retried] {
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
        }
    }

    #[test]
    fn a_record_has_the_job_and_the_plugin_in_the_librarys_form() {
        let mut record = record();
        record.start("run-1".into(), &samples::plugin());
        let json = serde_json::to_value(&record).unwrap();
        assert_eq!(
            json["job"],
            serde_json::json!({
                "externalId": "churn",
                "attributes": { "a": "1" },
                "parameters": [{ "name": "p", "direction": "input-output", "value": "0.10" }],
            })
        );
        assert_eq!(
            json["startedBy"],
            serde_json::json!({
                "id": "example", "version": "1.2.3", "generation": 2,
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            })
        );
    }

    #[test]
    fn a_record_of_the_first_version_of_the_tool_is_read() {
        let text = r#"{
            "guid": "00000000-0000-0000-0000-000000000007", "origin": "churn.json",
            "job": { "externalId": "churn", "attributes": [["a", "1"]],
                     "parameters": [["p", "input-output", "0.10"]] },
            "progress": { "state": "over", "runId": "run-1", "ending": "success", "reason": null,
                          "at": "2026-11-23T11:16:42Z" },
            "cancel": false, "platformStatus": "Succeeded", "acceptedAt": "2026-11-23T11:16:40Z",
            "startedBy": { "id": "example", "version": "1.2.3", "generation": 2,
                           "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
            "answeredBy": null
        }"#;
        let record: Record = serde_json::from_str(text).unwrap();
        assert_eq!(record.job, samples::record().job);
        assert_eq!(record.started_by, Some(samples::plugin()));
        assert_eq!(record.ending(), Some(Ending::Success));
        assert_eq!(record.run_id(), Some("run-1"));
        assert_eq!(record.cancel, None);

        // It used the run's own GUID to cancel.
        let cancelled = text
            .replace(r#""cancel": false"#, r#""cancel": true"#)
            .replace(r#""over""#, r#""running", "askedToStop": true"#);
        let record: Record = serde_json::from_str(&cancelled).unwrap();
        assert_eq!(record.next(), Next::Cancel);
        assert_eq!(record.cancel_guid(), record.guid);
    }
}
