//! What the course of an execution depends on besides its plan: durations, attempts and failures.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// How long steps and stops take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// A step, except Callback steps.
    pub(crate) step: Duration,
    /// From the start of a Callback step until its callback arrives.
    pub(crate) callback: Duration,
    /// From the stop of an execution until its running steps are stopped.
    pub(crate) stop: Duration,
    /// From the stop of an execution until its running Callback steps are stopped.
    pub(crate) callback_stop: Duration,
}

/// The start of an execution or one of its retries.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) started: SystemTime,
    pub(crate) max_parallel_steps: Option<usize>,
    /// The failures of steps, by the step's name.
    pub(crate) failing_steps: BTreeMap<String, StepFailure>,
    pub(crate) stop_requested: Option<SystemTime>,
}

/// How a step fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StepFailure {
    /// At its end, with this reason.
    AtEnd(String),
    /// When its execution is stopped, with this reason, so that the execution ends as Failed.
    WhenStopped(String),
}
