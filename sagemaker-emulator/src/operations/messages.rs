//! The requests and responses of the operations, with their members spelled as in the API model.

use serde::{Deserialize, Serialize};

use super::step_metadata::StepMetadata;
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::options::{ExperimentConfig, Parallelism, SelectiveExecution};
use crate::api::status::{ExecutionStatus, StepStatus};
use crate::arn::identifier;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserContext {
    iam_identity: IamIdentity,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct IamIdentity {
    arn: String,
    principal_id: String,
}

impl UserContext {
    pub(super) fn new(arn: &str) -> Self {
        let principal_id = identifier(arn, 17).to_uppercase();
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
pub(super) struct CreatePipelineRequest {
    pub(super) pipeline_name: String,
    pub(super) pipeline_display_name: Option<String>,
    pub(super) pipeline_definition: Option<String>,
    pub(super) pipeline_description: Option<String>,
    pub(super) client_request_token: String,
    pub(super) role_arn: String,
    pub(super) parallelism_configuration: Option<Parallelism>,
    #[serde(default)]
    pub(super) pipeline_version_aliases: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePipelineResponse {
    pub(super) pipeline_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribePipelineRequest {
    pub(super) pipeline_name: String,
    pub(super) pipeline_version_id: Option<i64>,
    pub(super) pipeline_version_alias: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribePipelineResponse {
    pub(super) pipeline_arn: String,
    pub(super) pipeline_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_display_name: Option<String>,
    pub(super) pipeline_definition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_description: Option<String>,
    pub(super) role_arn: String,
    pub(super) pipeline_status: &'static str,
    pub(super) creation_time: EpochSeconds,
    pub(super) last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_run_time: Option<EpochSeconds>,
    pub(super) created_by: UserContext,
    pub(super) last_modified_by: UserContext,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parallelism_configuration: Option<Parallelism>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) pipeline_version_aliases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StartPipelineExecutionRequest {
    pub(super) pipeline_name: String,
    pub(super) pipeline_execution_display_name: Option<String>,
    pub(super) pipeline_parameters: Option<Vec<Parameter>>,
    pub(super) pipeline_execution_description: Option<String>,
    pub(super) client_request_token: String,
    pub(super) parallelism_configuration: Option<Parallelism>,
    pub(super) selective_execution_config: Option<SelectiveExecution>,
    pub(super) role_arn: Option<String>,
    pub(super) pipeline_version_id: Option<i64>,
    pub(super) pipeline_version_alias: Option<String>,
    pub(super) mlflow_experiment_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MlflowConfig {
    pub(super) mlflow_experiment_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExecutionRequest {
    pub(super) pipeline_execution_arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StopPipelineExecutionRequest {
    pub(super) pipeline_execution_arn: String,
    pub(super) client_request_token: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RetryPipelineExecutionRequest {
    pub(super) pipeline_execution_arn: String,
    pub(super) client_request_token: String,
    pub(super) parallelism_configuration: Option<Parallelism>,
}

/// The response to Start, Stop and Retry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExecutionArnResponse {
    pub(super) pipeline_execution_arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribePipelineExecutionResponse {
    pub(super) pipeline_arn: String,
    pub(super) pipeline_execution_arn: String,
    pub(super) pipeline_execution_display_name: String,
    pub(super) pipeline_execution_status: ExecutionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_execution_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_experiment_config: Option<ExperimentConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failure_reason: Option<String>,
    pub(super) creation_time: EpochSeconds,
    pub(super) last_modified_time: EpochSeconds,
    pub(super) created_by: UserContext,
    pub(super) last_modified_by: UserContext,
    pub(super) role_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parallelism_configuration: Option<Parallelism>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) selective_execution_config: Option<SelectiveExecution>,
    pub(super) pipeline_version_id: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) pipeline_version_aliases: Vec<String>,
    #[serde(rename = "MLflowConfig", skip_serializing_if = "Option::is_none")]
    pub(super) mlflow_config: Option<MlflowConfig>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PipelineSummary {
    pub(super) pipeline_arn: String,
    pub(super) pipeline_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_description: Option<String>,
    pub(super) role_arn: String,
    pub(super) creation_time: EpochSeconds,
    pub(super) last_modified_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_execution_time: Option<EpochSeconds>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExecutionSummary {
    pub(super) pipeline_execution_arn: String,
    pub(super) start_time: EpochSeconds,
    pub(super) pipeline_execution_status: ExecutionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_execution_description: Option<String>,
    pub(super) pipeline_execution_display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pipeline_execution_failure_reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) pipeline_version_aliases: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExecutionStep {
    pub(super) step_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) step_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) step_description: Option<String>,
    pub(super) start_time: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_time: Option<EpochSeconds>,
    pub(super) step_status: StepStatus,
    pub(super) attempt_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failure_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<StepMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) selective_execution_result: Option<SelectiveExecutionResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iteration_context: Option<IterationContext>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SelectiveExecutionResult {
    pub(super) source_pipeline_execution_arn: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IterationContext {
    pub(super) parent_step_name: String,
    pub(super) index: usize,
    pub(super) item: String,
}
