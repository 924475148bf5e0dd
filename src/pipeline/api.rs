//! The SageMaker operations that are used, as the API's model has them: inputs, and of the outputs
//! the members that are read. Members may be absent, null, or new; none of that is an error.

use super::metadata::Metadata;
use crate::aws::client::{Operation, Service};
use crate::aws::datetime::time;
use crate::aws::json::{JsonError, Object, Shape};
use serde::Serialize;

/// SageMaker, as its API model names it.
pub const SAGEMAKER: Service = Service {
    signing_name: "sagemaker",
    target_prefix: "SageMaker",
};

/// `MaxResults` of every listing: the model's greatest.
pub const MAX_RESULTS: u32 = 100;

/// Lists the account's pipelines.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPipelines {
    /// At the most so many on a page.
    pub max_results: u32,
    /// Of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Operation for ListPipelines {
    const NAME: &'static str = "ListPipelines";
    type Output = ListPipelinesOutput;
}

/// A page of pipelines.
#[derive(Debug, Clone, Default)]
pub struct ListPipelinesOutput {
    /// Those on the page.
    pub pipeline_summaries: Vec<PipelineSummary>,
    /// Of the next page.
    pub next_token: Option<String>,
}

impl Shape for ListPipelinesOutput {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_summaries: object.shapes("PipelineSummaries")?,
            next_token: object.text("NextToken")?,
        })
    }
}

/// What the listing says of a pipeline.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the members are those of the API's model")]
pub struct PipelineSummary {
    pub pipeline_arn: Option<String>,
    pub pipeline_name: Option<String>,
    pub pipeline_display_name: Option<String>,
    pub pipeline_description: Option<String>,
    pub role_arn: Option<String>,
    pub creation_time: Option<u64>,
    pub last_modified_time: Option<u64>,
    pub last_execution_time: Option<u64>,
}

impl Shape for PipelineSummary {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_arn: object.text("PipelineArn")?,
            pipeline_name: object.text("PipelineName")?,
            pipeline_display_name: object.text("PipelineDisplayName")?,
            pipeline_description: object.text("PipelineDescription")?,
            role_arn: object.text("RoleArn")?,
            creation_time: time(object, "CreationTime"),
            last_modified_time: time(object, "LastModifiedTime"),
            last_execution_time: time(object, "LastExecutionTime"),
        })
    }
}

/// Tells all about one pipeline.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribePipeline {
    /// Name or ARN.
    pub pipeline_name: String,
}

impl Operation for DescribePipeline {
    const NAME: &'static str = "DescribePipeline";
    type Output = DescribePipelineOutput;
}

/// A pipeline with its definition.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the members are those of the API's model")]
pub struct DescribePipelineOutput {
    pub pipeline_arn: Option<String>,
    pub pipeline_name: Option<String>,
    pub pipeline_display_name: Option<String>,
    pub pipeline_description: Option<String>,
    pub pipeline_definition: Option<String>,
    pub role_arn: Option<String>,
    pub creation_time: Option<u64>,
    pub last_modified_time: Option<u64>,
    pub last_run_time: Option<u64>,
}

impl Shape for DescribePipelineOutput {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_arn: object.text("PipelineArn")?,
            pipeline_name: object.text("PipelineName")?,
            pipeline_display_name: object.text("PipelineDisplayName")?,
            pipeline_description: object.text("PipelineDescription")?,
            pipeline_definition: object.text("PipelineDefinition")?,
            role_arn: object.text("RoleArn")?,
            creation_time: time(object, "CreationTime"),
            last_modified_time: time(object, "LastModifiedTime"),
            last_run_time: time(object, "LastRunTime"),
        })
    }
}

/// Starts an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartPipelineExecution {
    /// Name or ARN.
    pub pipeline_name: String,
    /// In declared order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipeline_parameters: Vec<PipelineParameter>,
    /// The same token starts no second execution.
    pub client_request_token: String,
    /// For the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_execution_display_name: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_execution_description: Option<String>,
    /// How many steps may run at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism_configuration: Option<ParallelismConfiguration>,
    /// The execution role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
}

impl Operation for StartPipelineExecution {
    const NAME: &'static str = "StartPipelineExecution";
    type Output = ExecutionArnOutput;
}

/// A parameter's value for one execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PipelineParameter {
    /// As declared.
    pub name: String,
    /// Always text; SageMaker reads it by the declared type.
    pub value: String,
}

/// How many steps may run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParallelismConfiguration {
    /// At least 1.
    pub max_parallel_execution_steps: u32,
}

/// What start, stop and retry answer.
#[derive(Debug, Clone, Default)]
pub struct ExecutionArnOutput {
    /// The execution.
    pub pipeline_execution_arn: Option<String>,
}

impl Shape for ExecutionArnOutput {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_execution_arn: object.text("PipelineExecutionArn")?,
        })
    }
}

/// Tells how an execution is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribePipelineExecution {
    /// The execution.
    pub pipeline_execution_arn: String,
}

impl Operation for DescribePipelineExecution {
    const NAME: &'static str = "DescribePipelineExecution";
    type Output = DescribePipelineExecutionOutput;
}

/// How an execution is.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the members are those of the API's model")]
pub struct DescribePipelineExecutionOutput {
    pub pipeline_execution_status: Option<String>,
    pub pipeline_execution_display_name: Option<String>,
    pub pipeline_execution_description: Option<String>,
    pub failure_reason: Option<String>,
    pub creation_time: Option<u64>,
    pub last_modified_time: Option<u64>,
}

impl Shape for DescribePipelineExecutionOutput {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_execution_status: object.text("PipelineExecutionStatus")?,
            pipeline_execution_display_name: object.text("PipelineExecutionDisplayName")?,
            pipeline_execution_description: object.text("PipelineExecutionDescription")?,
            failure_reason: object.text("FailureReason")?,
            creation_time: time(object, "CreationTime"),
            last_modified_time: time(object, "LastModifiedTime"),
        })
    }
}

/// Stops an execution.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StopPipelineExecution {
    /// The execution.
    pub pipeline_execution_arn: String,
    /// Names this wish.
    pub client_request_token: String,
}

impl Operation for StopPipelineExecution {
    const NAME: &'static str = "StopPipelineExecution";
    type Output = ExecutionArnOutput;
}

/// Runs again what failed or was stopped in an execution.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPipelineExecution {
    /// The execution.
    pub pipeline_execution_arn: String,
    /// Names this retry.
    pub client_request_token: String,
    /// How many steps may run at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism_configuration: Option<ParallelismConfiguration>,
}

impl Operation for RetryPipelineExecution {
    const NAME: &'static str = "RetryPipelineExecution";
    type Output = ExecutionArnOutput;
}

/// Lists an execution's steps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPipelineExecutionSteps {
    /// The execution.
    pub pipeline_execution_arn: String,
    /// At the most so many on a page.
    pub max_results: u32,
    /// `Ascending`: in order of start.
    pub sort_order: &'static str,
    /// Of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Operation for ListPipelineExecutionSteps {
    const NAME: &'static str = "ListPipelineExecutionSteps";
    type Output = ListPipelineExecutionStepsOutput;
}

/// A page of steps.
#[derive(Debug, Clone, Default)]
pub struct ListPipelineExecutionStepsOutput {
    /// Those on the page.
    pub pipeline_execution_steps: Vec<PipelineExecutionStep>,
    /// Of the next page.
    pub next_token: Option<String>,
}

impl Shape for ListPipelineExecutionStepsOutput {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            pipeline_execution_steps: object.shapes("PipelineExecutionSteps")?,
            next_token: object.text("NextToken")?,
        })
    }
}

/// A step of an execution.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the members are those of the API's model")]
pub struct PipelineExecutionStep {
    pub step_name: Option<String>,
    pub step_display_name: Option<String>,
    pub step_description: Option<String>,
    pub step_status: Option<String>,
    pub start_time: Option<u64>,
    pub end_time: Option<u64>,
    pub attempt_count: Option<u32>,
    pub failure_reason: Option<String>,
    pub cache_hit_result: Option<CacheHitResult>,
    pub metadata: Metadata,
}

impl Shape for PipelineExecutionStep {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            step_name: object.text("StepName")?,
            step_display_name: object.text("StepDisplayName")?,
            step_description: object.text("StepDescription")?,
            step_status: object.text("StepStatus")?,
            start_time: time(object, "StartTime"),
            end_time: time(object, "EndTime"),
            attempt_count: object.count("AttemptCount"),
            failure_reason: object.text("FailureReason")?,
            cache_hit_result: object.shape("CacheHitResult")?,
            metadata: Metadata::read(object.member("Metadata")),
        })
    }
}

/// Says that a step's result was taken from an earlier execution.
#[derive(Debug, Clone, Default)]
pub struct CacheHitResult {
    /// Which one.
    pub source_pipeline_execution_arn: Option<String>,
}

impl Shape for CacheHitResult {
    fn read(object: &Object<'_>) -> Result<Self, JsonError> {
        Ok(Self {
            source_pipeline_execution_arn: object.text("SourcePipelineExecutionArn")?,
        })
    }
}
