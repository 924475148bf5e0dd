//! The course of an execution in time, and its state at one instant.

use std::time::SystemTime;

use crate::api::status::{ExecutionStatus, StepStatus};

/// The whole course of an execution, including its future.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    /// In the order of their start.
    pub(crate) steps: Vec<StepTimeline>,
    pub(crate) started: SystemTime,
    pub(super) stop_requested: Option<SystemTime>,
    pub(super) ended: SystemTime,
    pub(super) ending: ExecutionStatus,
}

/// The course of one step.
#[derive(Clone, Debug)]
pub(crate) struct StepTimeline {
    /// The step's position in the plan.
    pub(crate) position: usize,
    pub(crate) attempt: u32,
    pub(crate) started: SystemTime,
    /// When it was told to stop before its end.
    pub(crate) stopping: Option<SystemTime>,
    pub(crate) ended: SystemTime,
    pub(crate) ending: StepEnding,
}

/// How a step ends; a failure has a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepEnding {
    Succeeded,
    Failed(String),
    Stopped,
}

/// The state of a step that has started.
#[derive(Clone, Debug)]
pub(crate) struct StepSnapshot {
    /// The step's position in the plan.
    pub(crate) position: usize,
    pub(crate) attempt: u32,
    pub(crate) status: StepStatus,
    pub(crate) started: SystemTime,
    pub(crate) ended: Option<SystemTime>,
    pub(crate) failure_reason: Option<String>,
}

impl Timeline {
    /// The execution's status, and since when it has it.
    pub(crate) fn status_at(&self, now: SystemTime) -> (ExecutionStatus, SystemTime) {
        let stop_requested = self.stop_requested.filter(|time| *time <= now);
        if now >= self.ended {
            (self.ending.clone(), self.ended)
        } else if let Some(stopping) = stop_requested {
            (ExecutionStatus::Stopping, stopping)
        } else {
            (ExecutionStatus::Executing, self.started)
        }
    }

    /// The steps that have started, in the order of their start.
    pub(crate) fn steps_at(&self, now: SystemTime) -> Vec<StepSnapshot> {
        let started = self.steps.iter().filter(|step| step.started <= now);
        started.map(|step| step.at(now)).collect()
    }
}

impl StepTimeline {
    fn at(&self, now: SystemTime) -> StepSnapshot {
        let over = now >= self.ended;
        let status = match &self.ending {
            StepEnding::Succeeded if over => StepStatus::Succeeded,
            StepEnding::Failed(_) if over => StepStatus::Failed,
            StepEnding::Stopped if over => StepStatus::Stopped,
            _ if self.stopping.is_some_and(|time| time <= now) => StepStatus::Stopping,
            _ => StepStatus::Executing,
        };
        let failure_reason = match &self.ending {
            StepEnding::Failed(reason) if over && !reason.is_empty() => Some(reason.clone()),
            _ => None,
        };
        StepSnapshot {
            position: self.position,
            attempt: self.attempt,
            status,
            started: self.started,
            ended: over.then_some(self.ended),
            failure_reason,
        }
    }
}
