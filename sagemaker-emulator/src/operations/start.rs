//! StartPipelineExecution.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use uuid::Uuid;

use super::Call;
use super::parameters::{EffectiveParameter, check_given, effective};
use super::pipelines::check_version;
use super::wire::{ExecutionArnResponse, ExperimentConfig, StartPipelineExecutionRequest};
use crate::arn::identifier;
use crate::definition::Definition;
use crate::errors::ServiceError;
use crate::expression::{Scalar, Values};
use crate::plan::Plan;
use crate::store::{Execution, StoredPipeline};
use crate::timeline::Attempt;

pub(super) fn start(
    call: &mut Call<'_>,
    request: StartPipelineExecutionRequest,
) -> Result<ExecutionArnResponse, ServiceError> {
    let token = request.client_request_token.clone();
    let pipeline_execution_arn = call.once_per_token(token, |call| start_once(call, request))?;
    Ok(ExecutionArnResponse {
        pipeline_execution_arn,
    })
}

fn start_once(
    call: &mut Call<'_>,
    request: StartPipelineExecutionRequest,
) -> Result<String, ServiceError> {
    let pipeline = call.store.pipeline(&request.pipeline_name)?.clone();
    let name = pipeline.source.name.clone();
    check_version(
        request.pipeline_version_id,
        request.pipeline_version_alias.as_deref(),
    )?;
    if request.role_arn.is_some() && !pipeline.source.meta.managed_by_aws {
        return Err(ServiceError::validation(format!(
            "RoleArn can only be given for pipelines that AWS manages, and '{name}' is none."
        )));
    }
    let given = request.pipeline_parameters.unwrap_or_default();
    check_given(&given)?;
    let parameters = match &pipeline.definition {
        Some(definition) => effective(definition, &given)?,
        None => given
            .into_iter()
            .map(|parameter| EffectiveParameter {
                name: parameter.name,
                value: Scalar::Text(parameter.value),
            })
            .collect(),
    };

    let id = identifier(&Uuid::new_v4().to_string(), 12);
    let arn = call.settings.place.execution(&name, &id);
    let values = values_of(call, &pipeline, &parameters, &id, &arn);
    let mut plan = plan_of(pipeline.definition.as_ref(), &values)?;
    if let Some(selective) = &request.selective_execution_config {
        let steps = selective.selected_steps.iter();
        let names: Vec<String> = steps.map(|step| step.step_name.clone()).collect();
        plan.select(&names).map_err(|unknown| {
            ServiceError::validation(format!("Selected step '{unknown}' is not in the pipeline."))
        })?;
    }

    let parallelism = request.parallelism_configuration.or(pipeline.parallelism);
    let since_epoch = call.now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let execution = Execution {
        arn: arn.clone(),
        id,
        pipeline_arn: pipeline.arn,
        display_name: request
            .pipeline_execution_display_name
            .unwrap_or_else(|| format!("execution-{}", since_epoch.as_millis())),
        description: request.pipeline_execution_description,
        role_arn: request.role_arn.unwrap_or(pipeline.role_arn),
        created: call.now,
        created_by: call.caller_arn.clone(),
        last_modified_by: call.caller_arn.clone(),
        parameters: parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), parameter.value.to_string()))
            .collect(),
        selective: request.selective_execution_config,
        experiment: experiment_of(pipeline.definition.as_ref(), &values),
        plan: Arc::new(plan),
        attempts: vec![Attempt {
            started: call.now,
            max_parallel_steps: parallelism
                .as_ref()
                .map(|parallelism| parallelism.max_parallel_execution_steps),
            failing_steps: call.store.take_step_failures(&name),
            stop_requested: None,
        }],
        parallelism,
        ordered_ending: call.store.ordered_endings.get(&name).cloned(),
        ordered_status: None,
    };
    call.store.executions.push(execution);
    Ok(arn)
}

fn values_of(
    call: &Call<'_>,
    pipeline: &StoredPipeline,
    parameters: &[EffectiveParameter],
    id: &str,
    arn: &str,
) -> Values {
    let now = Timestamp::try_from(call.now)
        .unwrap_or_default()
        .to_string();
    let execution = [
        ("PipelineName", pipeline.source.name.as_str()),
        ("PipelineArn", pipeline.arn.as_str()),
        ("PipelineExecutionId", id),
        ("PipelineExecutionArn", arn),
        ("StartDateTime", now.as_str()),
        ("CurrentDateTime", now.as_str()),
    ];
    let execution = execution.into_iter().map(|(name, value)| {
        let path = format!("Execution.{name}");
        (path, Scalar::Text(value.to_owned()))
    });
    let parameters = parameters.iter().map(|parameter| {
        let path = format!("Parameters.{}", parameter.name);
        (path, parameter.value.clone())
    });
    Values {
        variables: execution.chain(parameters).collect(),
        property_files: pipeline.source.meta.values.clone(),
    }
}

fn plan_of(definition: Option<&Definition>, values: &Values) -> Result<Plan, ServiceError> {
    match definition {
        Some(definition) => Plan::new(definition, values)
            .map_err(|error| ServiceError::validation(format!("Invalid definition: {error}"))),
        None => Ok(Plan::default()),
    }
}

fn experiment_of(definition: Option<&Definition>, values: &Values) -> Option<ExperimentConfig> {
    let config = definition?.pipeline_experiment_config.as_ref()?;
    // SageMaker writes names of experiments in lower case.
    Some(ExperimentConfig {
        experiment_name: values.text(config.experiment_name.as_ref()?).to_lowercase(),
        trial_name: values.text(config.trial_name.as_ref()?).to_lowercase(),
    })
}
