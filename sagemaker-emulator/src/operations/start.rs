//! StartPipelineExecution.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use uuid::Uuid;

use super::call::Call;
use super::messages::{ExecutionArnResponse, StartPipelineExecutionRequest};
use super::parameters::{EffectiveParameter, check_given, effective};
use super::pipelines::check_version;
use crate::api::error::ServiceError;
use crate::api::options::ExperimentConfig;
use crate::api::status::{ExecutionStatus, StepStatus};
use crate::arn::identifier;
use crate::definition::expression::{Scalar, Values};
use crate::execution::plan::Plan;
use crate::store::StoredPipeline;
use crate::store::course::Course;
use crate::store::execution::Execution;

pub(super) fn start(
    call: &mut Call<'_>,
    request: StartPipelineExecutionRequest,
) -> Result<ExecutionArnResponse, ServiceError> {
    let token = request.client_request_token.clone();
    let pipeline_execution_arn = call.once_per_token(token, |call| {
        let start = Start::new(call, request)?;
        let values = start.values(call.now);
        let plan = start.plan(&values)?;
        start.check_source(call, &plan)?;
        let execution = start.into_execution(call, plan, &values);
        let arn = execution.arn.clone();
        call.store.executions.push(execution);
        Ok(arn)
    })?;
    Ok(ExecutionArnResponse {
        pipeline_execution_arn,
    })
}

/// A request whose parameters are checked, and the identity of the new execution.
struct Start {
    request: StartPipelineExecutionRequest,
    pipeline: StoredPipeline,
    parameters: Vec<EffectiveParameter>,
    id: String,
    arn: String,
}

impl Start {
    fn new(call: &Call<'_>, request: StartPipelineExecutionRequest) -> Result<Self, ServiceError> {
        let pipeline = call.store.pipeline(&request.pipeline_name)?.clone();
        let name = &pipeline.source.name;
        check_version(
            &pipeline,
            request.pipeline_version_id,
            request.pipeline_version_alias.as_deref(),
        )?;
        if request.role_arn.is_some() && !pipeline.source.meta.managed_by_aws {
            return Err(ServiceError::validation(format!(
                "RoleArn can only be given for pipelines that AWS manages, and '{name}' is not one."
            )));
        }
        let given = request.pipeline_parameters.as_deref().unwrap_or_default();
        check_given(given)?;
        let parameters = match &pipeline.definition {
            Some(definition) => effective(definition, given)?,
            None => given
                .iter()
                .map(|parameter| EffectiveParameter {
                    name: parameter.name.clone(),
                    value: Scalar::Text(parameter.value.clone()),
                })
                .collect(),
        };
        let id = identifier(&Uuid::new_v4().to_string(), 12);
        Ok(Self {
            arn: call.settings.account.execution_arn(name, &id),
            id,
            request,
            pipeline,
            parameters,
        })
    }

    /// The values that expressions of the definition can refer to.
    fn values(&self, now: SystemTime) -> Values {
        let now = Timestamp::try_from(now).unwrap_or_default().to_string();
        let execution = [
            ("PipelineName", self.pipeline.source.name.as_str()),
            ("PipelineArn", self.pipeline.arn.as_str()),
            ("PipelineExecutionId", self.id.as_str()),
            ("PipelineExecutionArn", self.arn.as_str()),
            ("StartDateTime", now.as_str()),
            ("CurrentDateTime", now.as_str()),
        ];
        let execution = execution.into_iter().map(|(name, value)| {
            let path = format!("Execution.{name}");
            (path, Scalar::Text(value.to_owned()))
        });
        let parameters = self.parameters.iter().map(|parameter| {
            let path = format!("Parameters.{}", parameter.name);
            (path, parameter.value.clone())
        });
        Values {
            variables: execution.chain(parameters).collect(),
            property_files: self.pipeline.source.meta.values.clone(),
        }
    }

    fn plan(&self, values: &Values) -> Result<Plan, ServiceError> {
        let mut plan = match &self.pipeline.definition {
            Some(definition) => Plan::new(definition, values).map_err(|error| {
                ServiceError::validation(format!("Invalid definition: {error}"))
            })?,
            None => Plan::default(),
        };
        if let Some(selective) = &self.request.selective_execution_config {
            let steps = selective.selected_steps.iter();
            let names: Vec<String> = steps.map(|step| step.step_name.clone()).collect();
            plan.select(&names)
                .map_err(|error| ServiceError::validation(error.to_string()))?;
        }
        Ok(plan)
    }

    /// Refuses a source execution that does not have what the selected steps need.
    fn check_source(&self, call: &Call<'_>, plan: &Plan) -> Result<(), ServiceError> {
        let Some(selective) = &self.request.selective_execution_config else {
            return Ok(());
        };
        let reused = plan.reused_steps().join(", ");
        let Some(arn) = &selective.source_pipeline_execution_arn else {
            return match reused.is_empty() {
                true => Ok(()),
                false => Err(ServiceError::validation(format!(
                    "SourcePipelineExecutionArn is required, because the selected steps depend on \
                     [{reused}]."
                ))),
            };
        };
        let source = call.store.execution(arn)?;
        if source.pipeline_arn != self.pipeline.arn {
            return Err(ServiceError::validation(format!(
                "The source execution {arn} is of another pipeline."
            )));
        }
        let (status, _) = source.status_at(call.now, call.settings.timing);
        if !matches!(status, ExecutionStatus::Succeeded | ExecutionStatus::Failed) {
            return Err(ServiceError::validation(format!(
                "The source execution {arn} is '{status}'; it has to be Succeeded or Failed."
            )));
        }
        let steps = source.steps_at(call.now, call.settings.timing);
        let missing = plan.reused_steps().into_iter().find(|name| {
            !steps.iter().any(|step| {
                let planned = source.plan.steps.get(step.position);
                step.status == StepStatus::Succeeded
                    && planned.is_some_and(|planned| planned.name == *name)
            })
        });
        match missing {
            None => Ok(()),
            Some(step) => Err(ServiceError::validation(format!(
                "Step '{step}' did not succeed in the source execution {arn}."
            ))),
        }
    }

    fn experiment(&self, values: &Values) -> Option<ExperimentConfig> {
        let definition = self.pipeline.definition.as_ref()?;
        let config = definition.pipeline_experiment_config.as_ref()?;
        // SageMaker writes the names of experiments in lower case.
        Some(ExperimentConfig {
            experiment_name: values.text(config.experiment_name.as_ref()?).to_lowercase(),
            trial_name: values.text(config.trial_name.as_ref()?).to_lowercase(),
        })
    }

    fn into_execution(self, call: &mut Call<'_>, plan: Plan, values: &Values) -> Execution {
        let experiment = self.experiment(values);
        let request = self.request;
        let name = &self.pipeline.source.name;
        let parallelism = request
            .parallelism_configuration
            .or(self.pipeline.parallelism);
        let since_epoch = call.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Execution {
            course: Course::new(call.new_attempt(name, parallelism.as_ref())),
            scripted_ending: call.store.script.ending(name),
            scripted_status: None,
            arn: self.arn,
            id: self.id,
            pipeline_arn: self.pipeline.arn,
            display_name: request
                .pipeline_execution_display_name
                .unwrap_or_else(|| format!("execution-{}", since_epoch.as_millis())),
            description: request.pipeline_execution_description,
            role_arn: request.role_arn.unwrap_or(self.pipeline.role_arn),
            created: call.now,
            created_by: call.caller_arn.clone(),
            last_modified_by: call.caller_arn.clone(),
            parameters: self
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), parameter.value.to_string()))
                .collect(),
            parallelism,
            selective: request.selective_execution_config,
            experiment,
            mlflow_experiment_name: request.mlflow_experiment_name,
            plan: Arc::new(plan),
            step_logs: self.pipeline.source.step_logs,
        }
    }
}
