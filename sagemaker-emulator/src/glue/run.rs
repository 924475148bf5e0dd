//! A run of a Glue job, and how it is at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::job::GlueJob;

/// STARTING takes this part of a run's duration.
const STARTING_PART: u32 = 4;

/// `JobRunState`, as far as the emulator's runs have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum JobRunState {
    Starting,
    Running,
    Stopping,
    Stopped,
    Succeeded,
    Failed,
}

impl JobRunState {
    /// Whether the run is over.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Stopped | Self::Succeeded | Self::Failed)
    }

    /// The word in a response.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Stopping => "STOPPING",
            Self::Stopped => "STOPPED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// A run of a job.
#[derive(Clone, Debug)]
pub(crate) struct GlueRun {
    /// `jr_` and 64 hexadecimal digits.
    pub(crate) id: String,
    /// The job as it was at the start.
    pub(crate) job: Arc<GlueJob>,
    /// Those of the definition, and those of the start in their place.
    pub(crate) arguments: BTreeMap<String, String>,
    pub(crate) worker_type: String,
    pub(crate) number_of_workers: i32,
    /// In minutes.
    pub(crate) timeout: i32,
    pub(crate) started: SystemTime,
    /// How long it takes unless it is stopped.
    pub(crate) duration: Duration,
    pub(crate) stop: Option<Stop>,
}

/// A stop of a run that was not over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    pub(crate) requested: SystemTime,
    /// How long STOPPING lasts.
    pub(crate) duration: Duration,
}

impl GlueRun {
    /// When it is over, as far as is known now.
    pub(crate) fn end(&self) -> SystemTime {
        match self.stop {
            Some(stop) => stop.requested + stop.duration,
            None => self.started + self.duration,
        }
    }

    /// How it is when it is over, as far as is known now.
    pub(crate) fn ending(&self) -> JobRunState {
        match (self.stop, &self.job.failure) {
            (Some(_), _) => JobRunState::Stopped,
            (None, Some(_)) => JobRunState::Failed,
            (None, None) => JobRunState::Succeeded,
        }
    }

    /// The state, and since when it is so.
    pub(crate) fn state_at(&self, now: SystemTime) -> (JobRunState, SystemTime) {
        let running = self.started + self.duration / STARTING_PART;
        match self.stop {
            _ if now >= self.end() => (self.ending(), self.end()),
            Some(stop) => (JobRunState::Stopping, stop.requested),
            None if now >= running => (JobRunState::Running, running),
            None => (JobRunState::Starting, self.started),
        }
    }

    /// The error message, once the run has failed.
    pub(crate) fn error_message_at(&self, now: SystemTime) -> Option<&str> {
        let (state, _) = self.state_at(now);
        let failure = self.job.failure.as_deref();
        failure.filter(|_| state == JobRunState::Failed)
    }
}
