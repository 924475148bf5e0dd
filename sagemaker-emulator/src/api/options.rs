//! Options of pipelines and executions, spelled as in the API model: received, stored and returned.

use serde::{Deserialize, Serialize};

/// `ParallelismConfiguration`: how many steps may run at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parallelism {
    pub(crate) max_parallel_execution_steps: usize,
}

/// `SelectiveExecutionConfig`: which steps to execute.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectiveExecution {
    pub(crate) selected_steps: Vec<SelectedStep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_pipeline_execution_arn: Option<String>,
}

/// A step of a selective execution.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectedStep {
    pub(crate) step_name: String,
}

/// `PipelineExperimentConfig`: the experiment and trial that an execution belongs to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExperimentConfig {
    pub(crate) experiment_name: String,
    pub(crate) trial_name: String,
}
