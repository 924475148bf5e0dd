//! DescribePipelineExecution, StopPipelineExecution and RetryPipelineExecution.

use super::call::Call;
use super::messages::{
    DescribePipelineExecutionResponse, ExecutionArnResponse, ExecutionRequest, MlflowConfig,
    RetryPipelineExecutionRequest, StopPipelineExecutionRequest, UserContext,
};
use super::pipelines::VERSION_ID;
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::error::ServiceError;
use crate::api::status::ExecutionStatus;

pub(super) fn describe(
    call: &mut Call<'_>,
    request: ExecutionRequest,
) -> Result<DescribePipelineExecutionResponse, ServiceError> {
    let execution = call.store.execution(&request.pipeline_execution_arn)?;
    let (status, last_modified) = execution.status_at(call.now, call.settings.timing);
    Ok(DescribePipelineExecutionResponse {
        pipeline_arn: execution.pipeline_arn.clone(),
        pipeline_execution_arn: execution.arn.clone(),
        pipeline_execution_display_name: execution.display_name.clone(),
        failure_reason: failure_reason(&status),
        pipeline_execution_status: status,
        pipeline_execution_description: execution.description.clone(),
        pipeline_experiment_config: execution.experiment.clone(),
        creation_time: EpochSeconds(execution.created),
        last_modified_time: EpochSeconds(last_modified),
        created_by: UserContext::new(&execution.created_by),
        last_modified_by: UserContext::new(&execution.last_modified_by),
        role_arn: execution.role_arn.clone(),
        parallelism_configuration: execution.parallelism.clone(),
        selective_execution_config: execution.selective.clone(),
        pipeline_version_id: VERSION_ID,
        pipeline_version_aliases: call
            .store
            .pipeline(&execution.pipeline_arn)
            .map(|pipeline| pipeline.source.meta.version_aliases.clone())
            .unwrap_or_default(),
        mlflow_config: execution
            .mlflow_experiment_name
            .clone()
            .map(|mlflow_experiment_name| MlflowConfig {
                mlflow_experiment_name,
            }),
    })
}

/// The service has one reason for every failure; the cause is in the step that failed.
pub(super) fn failure_reason(status: &ExecutionStatus) -> Option<String> {
    matches!(
        status,
        ExecutionStatus::Failed | ExecutionStatus::CompletedWithFailures
    )
    .then(|| "Step failure: One or multiple steps failed.".to_owned())
}

pub(super) fn stop(
    call: &mut Call<'_>,
    request: StopPipelineExecutionRequest,
) -> Result<ExecutionArnResponse, ServiceError> {
    let token = request.client_request_token.clone();
    let pipeline_execution_arn = call.once_per_token(token, |call| {
        let execution = call.store.execution_mut(&request.pipeline_execution_arn)?;
        let (status, _) = execution.status_at(call.now, call.settings.timing);
        if status != ExecutionStatus::Executing {
            return Err(ServiceError::validation(format!(
                "Only pipelines with 'Executing' status can be stopped, and {} is '{status}'.",
                execution.arn
            )));
        }
        execution.last_modified_by.clone_from(&call.caller_arn);
        execution.request_stop(call.now);
        Ok(execution.arn.clone())
    })?;
    Ok(ExecutionArnResponse {
        pipeline_execution_arn,
    })
}

pub(super) fn retry(
    call: &mut Call<'_>,
    request: RetryPipelineExecutionRequest,
) -> Result<ExecutionArnResponse, ServiceError> {
    let token = request.client_request_token.clone();
    let pipeline_execution_arn = call.once_per_token(token, |call| retry_once(call, request))?;
    Ok(ExecutionArnResponse {
        pipeline_execution_arn,
    })
}

fn retry_once(
    call: &mut Call<'_>,
    request: RetryPipelineExecutionRequest,
) -> Result<String, ServiceError> {
    let execution = call.store.execution(&request.pipeline_execution_arn)?;
    let (status, _) = execution.status_at(call.now, call.settings.timing);
    if !matches!(status, ExecutionStatus::Failed | ExecutionStatus::Stopped) {
        return Err(ServiceError::validation(format!(
            "Only pipelines with 'Failed' or 'Stopped' status can be retried, and {} is \
             '{status}'.",
            execution.arn
        )));
    }
    let pipeline = call.store.pipeline(&execution.pipeline_arn)?;
    let name = pipeline.source.name.clone();
    let ending = call.store.script.ending(&name);
    let parallelism = request
        .parallelism_configuration
        .or_else(|| execution.parallelism.clone());
    let attempt = call.new_attempt(&name, parallelism.as_ref());

    let execution = call.store.execution_mut(&request.pipeline_execution_arn)?;
    execution.last_modified_by.clone_from(&call.caller_arn);
    execution.scripted_ending = ending;
    execution.parallelism = parallelism;
    execution.retry(attempt);
    Ok(execution.arn.clone())
}
