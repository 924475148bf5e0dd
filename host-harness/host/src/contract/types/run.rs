//! A run, its state, and its cancellation.

use std::fmt;

use wasmtime::component::{ComponentType, Lift, Lower};

use super::connection::Attribute;
use super::state::RunState;
use super::step::Step;

/// One execution of a job. On its connection, the run id alone identifies it.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Run {
    /// Of the job, where the host knows it. It may save a request or improve a message.
    #[component(name = "external-id")]
    pub external_id: Option<String>,
    /// As `start` returned it, to the letter.
    #[component(name = "run-id")]
    pub run_id: String,
}

/// A run that was started, or started again.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct StartedRun {
    /// To the letter what the other calls take.
    #[component(name = "run-id")]
    pub run_id: String,
    /// Other facts of interest.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}

/// How a run is.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct RunStatus {
    /// Its state.
    pub state: RunState,
    /// The platform's own word for the state; empty if it gave none.
    #[component(name = "platform-status")]
    pub platform_status: String,
    /// Whether the platform is done with the run. It stays so until somebody retries the run, here or
    /// on the platform, so that nobody need poll it until then. True can come with any state but
    /// `running`.
    pub finished: bool,
    /// When it is worth asking again, where the plugin can tell. A host may ask earlier or later. None
    /// where the run is finished.
    #[component(name = "poll-after")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub poll_after: Option<u64>,
    /// Why the run failed, or what the run is for.
    pub message: Option<String>,
    /// When it began.
    #[component(name = "started-at")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub started_at: Option<u64>,
    /// When something of it changed last.
    #[component(name = "updated-at")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub updated_at: Option<u64>,
    /// When it was over.
    #[component(name = "ended-at")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub ended_at: Option<u64>,
    /// For a run that is over without success: the steps to blame, as far as the platform told.
    #[component(name = "failed-steps")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub failed_steps: Vec<Step>,
    /// The output parameters, where the platform offers them.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub outputs: Vec<Attribute>,
    /// Other facts of interest.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}

/// What a platform did about a request to stop a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum CancelOutcome {
    /// The platform is asked to stop the run; poll for its end.
    #[component(name = "requested")]
    Requested,
    /// It was being stopped already.
    #[component(name = "already-stopping")]
    AlreadyStopping,
    /// It was over already.
    #[component(name = "already-finished")]
    AlreadyFinished,
}

impl CancelOutcome {
    /// The contract's word for it, which is its JSON form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::AlreadyStopping => "already-stopping",
            Self::AlreadyFinished => "already-finished",
        }
    }
}

impl fmt::Display for CancelOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What came of a request to stop a run.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Cancellation {
    /// What the platform did.
    pub outcome: CancelOutcome,
    /// For a person.
    pub message: String,
}
