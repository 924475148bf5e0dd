//! The members of requests and answers, spelled as in the API model.

use serde::{Deserialize, Serialize};

use crate::clock::EpochSeconds;
use crate::metadata::StepMetadata;
use crate::status::{ExecutionStatus, StepStatus};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parallelism {
    pub(crate) max_parallel_execution_steps: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectiveExecution {
    pub(crate) selected_steps: Vec<SelectedStep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source_pipeline_execution_arn: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectedStep {
    pub(crate) step_name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExperimentConfig {
    pub(crate) experiment_name: String,
    pub(crate) trial_name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserContext {
    iam_identity: IamIdentity,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct IamIdentity {
    arn: String,
    principal_id: String,
}

impl UserContext {
    pub(crate) fn of(arn: &str) -> Self {
        let principal_id = crate::arn::identifier(arn, 17).to_uppercase();
        Self {
            iam_identity: IamIdentity {
                arn: arn.to_owned(),
                principal_id: format!("AIDA{principal_id}"),
            },
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreatePipelineRequest {
    pub(crate) pipeline_name: String,
    pub(crate) pipeline_display_name: Option<String>,
    pub(crate) pipeline_definition: Option<String>,
    pub(crate) pipeline_description: Option<String>,
    pub(crate) client_request_token: String,
    pub(crate) role_arn: String,
    pub(crate) parallelism_configuration: Option<Parallelism>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreatePipelineResponse {
    pub(crate) pipeline_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribePipelineRequest {
    pub(crate) pipeline_name: String,
    pub(crate) pipeline_version_id: Option<i64>,
    pub(crate) pipeline_version_alias: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribePipelineResponse {
    pub(crate) pipeline_arn: String,
    pub(crate) pipeline_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_display_name: Option<String>,
    pub(crate) pipeline_definition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_description: Option<String>,
    pub(crate) role_arn: String,
    pub(crate) pipeline_status: &'static str,
    pub(crate) creation_time: EpochSeconds,
    pub(crate) last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_run_time: Option<EpochSeconds>,
    pub(crate) created_by: UserContext,
    pub(crate) last_modified_by: UserContext,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parallelism_configuration: Option<Parallelism>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartPipelineExecutionRequest {
    pub(crate) pipeline_name: String,
    pub(crate) pipeline_execution_display_name: Option<String>,
    pub(crate) pipeline_parameters: Option<Vec<Parameter>>,
    pub(crate) pipeline_execution_description: Option<String>,
    pub(crate) client_request_token: String,
    pub(crate) parallelism_configuration: Option<Parallelism>,
    pub(crate) selective_execution_config: Option<SelectiveExecution>,
    pub(crate) role_arn: Option<String>,
    pub(crate) pipeline_version_id: Option<i64>,
    pub(crate) pipeline_version_alias: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecutionRequest {
    pub(crate) pipeline_execution_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StopPipelineExecutionRequest {
    pub(crate) pipeline_execution_arn: String,
    pub(crate) client_request_token: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RetryPipelineExecutionRequest {
    pub(crate) pipeline_execution_arn: String,
    pub(crate) client_request_token: String,
    pub(crate) parallelism_configuration: Option<Parallelism>,
}

/// The answer to Start, Stop and Retry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecutionArnResponse {
    pub(crate) pipeline_execution_arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribePipelineExecutionResponse {
    pub(crate) pipeline_arn: String,
    pub(crate) pipeline_execution_arn: String,
    pub(crate) pipeline_execution_display_name: String,
    pub(crate) pipeline_execution_status: ExecutionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_execution_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_experiment_config: Option<ExperimentConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure_reason: Option<String>,
    pub(crate) creation_time: EpochSeconds,
    pub(crate) last_modified_time: EpochSeconds,
    pub(crate) created_by: UserContext,
    pub(crate) last_modified_by: UserContext,
    pub(crate) role_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parallelism_configuration: Option<Parallelism>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) selective_execution_config: Option<SelectiveExecution>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PipelineSummary {
    pub(crate) pipeline_arn: String,
    pub(crate) pipeline_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_description: Option<String>,
    pub(crate) role_arn: String,
    pub(crate) creation_time: EpochSeconds,
    pub(crate) last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_execution_time: Option<EpochSeconds>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecutionSummary {
    pub(crate) pipeline_execution_arn: String,
    pub(crate) start_time: EpochSeconds,
    pub(crate) pipeline_execution_status: ExecutionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_execution_description: Option<String>,
    pub(crate) pipeline_execution_display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_execution_failure_reason: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecutionStep {
    pub(crate) step_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step_description: Option<String>,
    pub(crate) start_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_time: Option<EpochSeconds>,
    pub(crate) step_status: StepStatus,
    pub(crate) attempt_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<StepMetadata>,
}
