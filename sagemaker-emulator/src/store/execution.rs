//! A stored execution, and its state at one instant.

use std::sync::Arc;
use std::time::SystemTime;

use crate::api::options::{ExperimentConfig, Parallelism, SelectiveExecution};
use crate::api::status::ExecutionStatus;
use crate::execution::attempt::{Attempt, Timing};
use crate::execution::plan::Plan;
use crate::execution::simulation::simulate;
use crate::execution::timeline::Snapshot;

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
    pub(crate) attempts: Vec<Attempt>,
    /// Replaces the status that the execution ends with.
    pub(crate) scripted_ending: Option<ExecutionStatus>,
    /// Replaces the status from the given time on.
    pub(crate) scripted_status: Option<(SystemTime, ExecutionStatus)>,
}

impl Execution {
    pub(crate) fn at(&self, now: SystemTime, timing: Timing) -> Snapshot {
        let mut snapshot = match simulate(&self.plan, timing, &self.attempts) {
            Some(timeline) => timeline.at(now),
            None => Snapshot {
                status: ExecutionStatus::Executing,
                last_modified: self.created,
                steps: Vec::new(),
            },
        };
        let ended = !matches!(
            snapshot.status,
            ExecutionStatus::Executing | ExecutionStatus::Stopping
        );
        if let Some((since, status)) = &self.scripted_status {
            snapshot.status = status.clone();
            snapshot.last_modified = *since;
        } else if ended && let Some(status) = &self.scripted_ending {
            snapshot.status = status.clone();
        }
        snapshot
    }
}
