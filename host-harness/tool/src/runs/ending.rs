//! How a run ended.

use polysync_host::contract::RunState;
use serde::{Deserialize, Serialize};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ending {
    Success,
    Failed,
    Cancelled,
    /// The platform doesn't say, or doesn't know the run any more.
    Unknown,
    /// The platform refused to start it.
    Refused,
    /// Whether it was started isn't known, and starting it again may start a second one.
    Uncertain,
    /// It was cancelled before anything was sent.
    Withdrawn,
}

impl Ending {
    /// The word for it in reports.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl From<RunState> for Ending {
    /// For a run that the platform says is finished.
    fn from(state: RunState) -> Self {
        match state {
            RunState::Success => Self::Success,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
            RunState::Running | RunState::Unknown => Self::Unknown,
        }
    }
}
