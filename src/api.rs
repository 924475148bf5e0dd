//! SageMaker's operations as its API model has them: the inputs, and the members of the outputs that
//! are read. A member may be absent, null, or new; none of that is an error. The input of
//! StartPipelineExecution is in [`start`](crate::start), beside the attributes that it takes.
#![expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]

use aws_kit::json::{lenient, lenient_object, sparse_objects};
use aws_kit::operation;
use aws_kit::time::epoch_seconds;
use serde::{Deserialize, Serialize};

use crate::metadata::Metadata;

/// `MaxResults` of every listing: the model's greatest.
pub const MAX_RESULTS: u32 = 100;

/// How many elements a list has at the most: those of a page. Every other list of the model has fewer.
const PAGE: usize = MAX_RESULTS as usize;

/// One page of the account's pipelines.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPipelines {
    pub max_results: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

operation!(ListPipelines, ListPipelinesOutput);

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListPipelinesOutput {
    #[serde(deserialize_with = "sparse_objects::<PAGE, _, _>")]
    pub pipeline_summaries: Vec<PipelineSummary>,
    pub next_token: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PipelineSummary {
    pub pipeline_arn: Option<String>,
    pub pipeline_name: Option<String>,
    pub pipeline_display_name: Option<String>,
    pub pipeline_description: Option<String>,
    pub role_arn: Option<String>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub creation_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_execution_time: Option<u64>,
}

/// One pipeline with its definition.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribePipeline {
    /// A name or an ARN.
    pub pipeline_name: String,
}

operation!(DescribePipeline, DescribePipelineOutput);

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribePipelineOutput {
    pub pipeline_arn: Option<String>,
    pub pipeline_name: Option<String>,
    pub pipeline_display_name: Option<String>,
    pub pipeline_description: Option<String>,
    pub pipeline_definition: Option<String>,
    pub pipeline_status: Option<String>,
    pub role_arn: Option<String>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub creation_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_run_time: Option<u64>,
    #[serde(deserialize_with = "lenient_object")]
    pub parallelism_configuration: Option<ParallelismConfiguration>,
}

/// How many steps of an execution may run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParallelismConfiguration {
    /// At least 1.
    pub max_parallel_execution_steps: i32,
}

/// Runs some of a pipeline's steps alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SelectiveExecutionConfig {
    /// 1 to 50.
    #[serde(deserialize_with = "sparse_objects::<PAGE, _, _>")]
    pub selected_steps: Vec<SelectedStep>,
    /// An execution of the same pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_pipeline_execution_arn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct SelectedStep {
    pub step_name: String,
}

/// The output of start, stop and retry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ExecutionArnOutput {
    pub pipeline_execution_arn: Option<String>,
}

/// The state of an execution.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribePipelineExecution {
    pub pipeline_execution_arn: String,
}

operation!(DescribePipelineExecution, DescribePipelineExecutionOutput);

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DescribePipelineExecutionOutput {
    pub pipeline_execution_status: Option<String>,
    pub pipeline_execution_display_name: Option<String>,
    pub pipeline_execution_description: Option<String>,
    pub failure_reason: Option<String>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub creation_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_time: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    pub pipeline_version_id: Option<u64>,
    #[serde(deserialize_with = "lenient_object")]
    pub selective_execution_config: Option<SelectiveExecutionConfig>,
}

/// One page of a pipeline's executions.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPipelineExecutions {
    /// A name or an ARN.
    pub pipeline_name: String,
    pub sort_by: SortExecutionsBy,
    pub sort_order: SortOrder,
    pub max_results: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

operation!(ListPipelineExecutions, ListPipelineExecutionsOutput);

#[derive(Debug, Clone, Copy, Serialize)]
pub enum SortExecutionsBy {
    CreationTime,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListPipelineExecutionsOutput {
    #[serde(deserialize_with = "sparse_objects::<PAGE, _, _>")]
    pub pipeline_execution_summaries: Vec<PipelineExecutionSummary>,
    pub next_token: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PipelineExecutionSummary {
    pub pipeline_execution_arn: Option<String>,
    pub pipeline_execution_status: Option<String>,
    pub pipeline_execution_display_name: Option<String>,
    pub pipeline_execution_description: Option<String>,
    pub pipeline_execution_failure_reason: Option<String>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub start_time: Option<u64>,
}

/// Stops an execution.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StopPipelineExecution {
    pub pipeline_execution_arn: String,
    pub client_request_token: String,
}

operation!(StopPipelineExecution, ExecutionArnOutput);

/// Runs the steps of an execution again that failed or were stopped.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPipelineExecution {
    pub pipeline_execution_arn: String,
    pub client_request_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism_configuration: Option<ParallelismConfiguration>,
}

operation!(RetryPipelineExecution, ExecutionArnOutput);

/// One page of an execution's steps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPipelineExecutionSteps {
    pub pipeline_execution_arn: String,
    pub max_results: u32,
    pub sort_order: SortOrder,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

operation!(ListPipelineExecutionSteps, ListPipelineExecutionStepsOutput);

#[derive(Debug, Clone, Copy, Serialize)]
pub enum SortOrder {
    /// What was created first comes first.
    Ascending,
    /// What was created last comes first.
    Descending,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ListPipelineExecutionStepsOutput {
    #[serde(deserialize_with = "sparse_objects::<PAGE, _, _>")]
    pub pipeline_execution_steps: Vec<PipelineExecutionStep>,
    pub next_token: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PipelineExecutionStep {
    pub step_name: Option<String>,
    pub step_display_name: Option<String>,
    pub step_description: Option<String>,
    pub step_status: Option<String>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub start_time: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub end_time: Option<u64>,
    /// The model's integer may be negative; such a count reads as absent.
    #[serde(deserialize_with = "lenient")]
    pub attempt_count: Option<u32>,
    pub failure_reason: Option<String>,
    /// The step's result is that of an earlier execution with the same arguments.
    #[serde(deserialize_with = "lenient_object")]
    pub cache_hit_result: Option<ReusedResult>,
    /// A selective execution left the step out, and took its result from the source execution.
    #[serde(deserialize_with = "lenient_object")]
    pub selective_execution_result: Option<ReusedResult>,
    /// The step is an iteration of a ForEach step.
    #[serde(deserialize_with = "lenient_object")]
    pub iteration_context: Option<IterationContext>,
    pub metadata: Metadata,
}

/// `CacheHitResult` and `SelectiveExecutionResult`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ReusedResult {
    pub source_pipeline_execution_arn: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct IterationContext {
    #[serde(deserialize_with = "lenient")]
    pub parent_step_name: Option<String>,
    /// SageMaker counts from 0. A negative index reads as absent.
    #[serde(deserialize_with = "lenient")]
    pub index: Option<u32>,
    #[serde(deserialize_with = "lenient")]
    pub item: Option<String>,
}
