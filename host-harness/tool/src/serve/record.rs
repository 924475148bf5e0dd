//! What is kept of a run, and what is to be done with it next, decided without doing any of it.
//!
//! ```text
//! Accepted ──► Starting ──► Running ──► Over
//!     │            └─────────────────────▲
//!     └──────────────────────────────────┘
//! ```
//!
//! A run is `Starting` on disk before its start is sent. So whoever finds `Accepted` knows that
//! nothing was sent, and whoever finds `Starting` that the platform may have the run already: then
//! the same GUID is sent again, which gives the same run.

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use polysync_host::contract::{self, Attribute, Direction, Job, Run, RunState};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::json::plugin::PluginView;

/// A run, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) guid: Uuid,
    /// Where the job came from: the name of its file, or `stdin`.
    pub(crate) origin: String,
    pub(crate) job: JobRecord,
    pub(crate) progress: Progress,
    /// Whether somebody wants it cancelled.
    pub(crate) cancel: bool,
    /// The platform's own word for its state, where it gave one.
    pub(crate) platform_status: String,
    pub(crate) accepted_at: Timestamp,
    /// The plugin that started it.
    pub(crate) started_by: Option<PluginView>,
    /// The plugin that answered last.
    pub(crate) answered_by: Option<PluginView>,
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
    Running {
        run_id: String,
        /// Whether the platform was asked to stop it, and answered.
        asked_to_stop: bool,
    },
    /// Nothing more is to be done.
    Over {
        run_id: Option<String>,
        ending: Ending,
        reason: Option<String>,
        at: Timestamp,
    },
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ending {
    Success,
    Failed,
    Cancelled,
    /// The platform doesn't say, or doesn't know the run any more.
    Unknown,
    /// The platform didn't take it.
    Refused,
    /// It was cancelled before anything was sent.
    Withdrawn,
}

/// What to do with a run next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// End it without having started it.
    Withdraw,
    Start,
    Cancel,
    Poll,
    Nothing,
}

impl Record {
    pub(crate) fn new(guid: Uuid, origin: String, job: &Job) -> Self {
        Self {
            guid,
            origin,
            job: job.into(),
            progress: Progress::Accepted,
            cancel: false,
            platform_status: String::new(),
            accepted_at: Timestamp::now(),
            started_by: None,
            answered_by: None,
        }
    }

    pub(crate) fn next(&self) -> Next {
        match &self.progress {
            Progress::Accepted if self.cancel => Next::Withdraw,
            Progress::Accepted | Progress::Starting => Next::Start,
            Progress::Running { asked_to_stop, .. } if self.cancel && !asked_to_stop => {
                Next::Cancel
            }
            Progress::Running { .. } => Next::Poll,
            Progress::Over { .. } => Next::Nothing,
        }
    }

    /// The platform's run, once there is one.
    pub(crate) fn run(&self) -> Option<Run> {
        let run_id = match &self.progress {
            Progress::Running { run_id, .. } => run_id,
            Progress::Over { run_id, .. } => run_id.as_ref()?,
            Progress::Accepted | Progress::Starting => return None,
        };
        Some(Run {
            external_id: self.job.external_id.clone(),
            run_id: run_id.clone(),
        })
    }

    pub(crate) fn started(&mut self, run_id: String, by: &PluginIdentity) {
        self.started_by = Some(by.into());
        self.answered_by = Some(by.into());
        self.progress = Progress::Running {
            run_id,
            asked_to_stop: false,
        };
    }

    pub(crate) fn asked_to_stop(&mut self) {
        if let Progress::Running { asked_to_stop, .. } = &mut self.progress {
            *asked_to_stop = true;
        }
    }

    pub(crate) fn over(&mut self, ending: Ending, reason: Option<String>) {
        self.progress = Progress::Over {
            run_id: self.run().map(|run| run.run_id),
            ending,
            reason,
            at: Timestamp::now(),
        };
    }

    /// The word for its state.
    pub(crate) fn state(&self) -> &'static str {
        match &self.progress {
            Progress::Accepted => "accepted",
            Progress::Starting => "starting",
            Progress::Running { .. } => "running",
            Progress::Over { ending, .. } => ending.word(),
        }
    }

    pub(crate) fn ending(&self) -> Option<Ending> {
        match &self.progress {
            Progress::Over { ending, .. } => Some(*ending),
            _ => None,
        }
    }
}

impl Ending {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl From<RunState> for Ending {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Success => Self::Success,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
            RunState::Running | RunState::Unknown => Self::Unknown,
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobRecord {
    pub(crate) external_id: String,
    attributes: Vec<(String, String)>,
    parameters: Vec<(String, DirectionRecord, Option<String>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum DirectionRecord {
    Input,
    Output,
    InputOutput,
}

impl From<&Job> for JobRecord {
    fn from(job: &Job) -> Self {
        let direction = |direction| match direction {
            Direction::Input => DirectionRecord::Input,
            Direction::Output => DirectionRecord::Output,
            Direction::InputOutput => DirectionRecord::InputOutput,
        };
        let attributes = job.attributes.iter();
        let parameters = job.parameters.iter();
        Self {
            external_id: job.external_id.clone(),
            attributes: attributes
                .map(|a| (a.name.clone(), a.value.clone()))
                .collect(),
            parameters: parameters
                .map(|p| (p.name.clone(), direction(p.direction), p.value.clone()))
                .collect(),
        }
    }
}

impl From<&JobRecord> for Job {
    fn from(job: &JobRecord) -> Self {
        let attribute = |(name, value): &(String, String)| Attribute {
            name: name.clone(),
            value: value.clone(),
        };
        let parameter =
            |(name, direction, value): &(String, DirectionRecord, _)| contract::Parameter {
                name: name.clone(),
                direction: match direction {
                    DirectionRecord::Input => Direction::Input,
                    DirectionRecord::Output => Direction::Output,
                    DirectionRecord::InputOutput => Direction::InputOutput,
                },
                value: Option::clone(value),
            };
        Self {
            external_id: job.external_id.clone(),
            attributes: job.attributes.iter().map(attribute).collect(),
            parameters: job.parameters.iter().map(parameter).collect(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::samples;

    pub(crate) fn record() -> Record {
        let job = Job {
            external_id: "churn".into(),
            attributes: vec![Attribute {
                name: "a".into(),
                value: "1".into(),
            }],
            parameters: vec![contract::Parameter {
                name: "p".into(),
                direction: Direction::InputOutput,
                value: Some("0.10".into()),
            }],
        };
        let record = Record::new(Uuid::from_u128(7), "churn.json".into(), &job);
        assert_eq!(Job::from(&record.job), job);
        record
    }

    #[test]
    fn a_run_is_started_polled_and_over() {
        let mut record = record();
        assert_eq!(record.next(), Next::Start);
        record.progress = Progress::Starting;
        assert_eq!(record.next(), Next::Start);
        record.started("run-1".into(), &samples::plugin());
        assert_eq!(record.next(), Next::Poll);
        record.over(Ending::Success, None);
        assert_eq!(record.next(), Next::Nothing);
        assert_eq!(record.run().unwrap().run_id, "run-1");
    }

    #[test]
    fn a_run_is_withdrawn_only_as_long_as_nothing_can_have_been_sent() {
        let mut record = record();
        record.cancel = true;
        assert_eq!(record.next(), Next::Withdraw);
        record.progress = Progress::Starting;
        assert_eq!(record.next(), Next::Start);
        record.started("run-1".into(), &samples::plugin());
        assert_eq!(record.next(), Next::Cancel);
        record.asked_to_stop();
        assert_eq!(record.next(), Next::Poll);
    }

    #[test]
    fn what_is_kept_reads_back() {
        let mut record = record();
        record.started("run-1".into(), &samples::plugin());
        for record in [record.clone(), {
            record.over(Ending::Failed, Some("why".into()));
            record
        }] {
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
        }
    }
}
