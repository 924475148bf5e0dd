//! A stored execution, and its state at one instant.

use std::sync::Arc;
use std::time::SystemTime;

use super::course::Course;
use crate::api::options::{ExperimentConfig, Parallelism, SelectiveExecution};
use crate::api::status::ExecutionStatus;
use crate::execution::attempt::{Attempt, Timing};
use crate::execution::plan::Plan;
use crate::execution::timeline::{StepSnapshot, Timeline};
use crate::pipeline::step_log::StepLogs;

/// An execution. It is stored from its start until the emulator ends.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) pipeline_arn: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) role_arn: String,
    pub(crate) created: SystemTime,
    pub(crate) created_by: String,
    pub(crate) last_modified_by: String,
    /// Names and values in the order of their declaration.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) parallelism: Option<Parallelism>,
    pub(crate) selective: Option<SelectiveExecution>,
    pub(crate) experiment: Option<ExperimentConfig>,
    pub(crate) mlflow_experiment_name: Option<String>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) step_logs: StepLogs,
    pub(crate) course: Course,
    /// Replaces the status that the execution ends with.
    pub(crate) scripted_ending: Option<ExecutionStatus>,
    /// Replaces the status from the given time on.
    pub(crate) scripted_status: Option<(SystemTime, ExecutionStatus)>,
}

impl Execution {
    /// The status, and since when the execution has it.
    pub(crate) fn status_at(
        &self,
        now: SystemTime,
        timing: Timing,
    ) -> (ExecutionStatus, SystemTime) {
        let (status, since) = match self.timelines(timing).last() {
            Some(timeline) => timeline.status_at(now),
            None => (ExecutionStatus::Executing, self.created),
        };
        let ended = !matches!(
            status,
            ExecutionStatus::Executing | ExecutionStatus::Stopping
        );
        match (&self.scripted_status, &self.scripted_ending) {
            (Some((since, status)), _) => (status.clone(), *since),
            (None, Some(ending)) if ended => (ending.clone(), since),
            (None, _) => (status, since),
        }
    }

    /// The steps that have started, in the order of their start.
    pub(crate) fn steps_at(&self, now: SystemTime, timing: Timing) -> Vec<StepSnapshot> {
        let timeline = self.timelines(timing).last();
        timeline.map_or_else(Vec::new, |timeline| timeline.steps_at(now))
    }

    /// The timeline of each attempt.
    pub(crate) fn timelines(&self, timing: Timing) -> &[Timeline] {
        self.course.timelines(&self.plan, timing)
    }

    /// Stops the execution now, whatever status a test has scripted.
    pub(crate) fn request_stop(&mut self, now: SystemTime) {
        self.scripted_status = None;
        self.course.request_stop(now);
    }

    /// Starts another attempt, whatever status a test has scripted.
    pub(crate) fn retry(&mut self, attempt: Attempt) {
        self.scripted_status = None;
        self.course.retry(attempt);
    }
}
