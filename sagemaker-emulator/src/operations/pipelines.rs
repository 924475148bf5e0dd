//! CreatePipeline and DescribePipeline.

use super::call::Call;
use super::messages::{
    CreatePipelineRequest, CreatePipelineResponse, DescribePipelineRequest,
    DescribePipelineResponse, UserContext,
};
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::error::ServiceError;
use crate::definition::Definition;
use crate::definition::expression::Values;
use crate::execution::plan::Plan;
use crate::pipeline::step_log::StepLogs;
use crate::pipeline::{Meta, Pipeline};
use crate::store::{Store, StoredPipeline};

pub(super) fn create(
    call: &mut Call<'_>,
    request: CreatePipelineRequest,
) -> Result<CreatePipelineResponse, ServiceError> {
    let token = request.client_request_token.clone();
    let pipeline_arn = call.once_per_token(token, |call| create_once(call, request))?;
    Ok(CreatePipelineResponse { pipeline_arn })
}

fn create_once(
    call: &mut Call<'_>,
    request: CreatePipelineRequest,
) -> Result<String, ServiceError> {
    let name = request.pipeline_name;
    let definition = request.pipeline_definition.ok_or_else(|| {
        ServiceError::validation(
            "PipelineDefinition is required; the emulator does not read S3 objects.",
        )
    })?;
    let mut names = call.store.pipelines.keys();
    if names.any(|existing| existing.eq_ignore_ascii_case(&name)) {
        return Err(ServiceError::validation(format!(
            "Pipeline names must be unique within an AWS account and region. Pipeline with name \
             ({name}) already exists."
        )));
    }
    let invalid = |error: &dyn std::error::Error| {
        ServiceError::validation(format!("Unable to parse pipeline definition. {error}"))
    };
    let parsed = Definition::parse(&definition).map_err(|error| invalid(&error))?;
    Plan::new(&parsed, &Values::default()).map_err(|error| invalid(&error))?;

    let source = Pipeline {
        name,
        definition,
        meta: Meta {
            display_name: request.pipeline_display_name,
            description: request.pipeline_description,
            version_aliases: request.pipeline_version_aliases,
            ..Meta::default()
        },
        step_logs: StepLogs::default(),
    };
    let account = &call.settings.account;
    let caller = call.caller_arn.clone();
    let stored = call
        .store
        .add_pipeline(source, account, request.role_arn, caller, call.now);
    stored.parallelism = request.parallelism_configuration;
    Ok(stored.arn.clone())
}

pub(super) fn describe(
    call: &mut Call<'_>,
    request: DescribePipelineRequest,
) -> Result<DescribePipelineResponse, ServiceError> {
    let pipeline = call.store.pipeline(&request.pipeline_name)?;
    check_version(
        pipeline,
        request.pipeline_version_id,
        request.pipeline_version_alias.as_deref(),
    )?;
    Ok(DescribePipelineResponse {
        pipeline_arn: pipeline.arn.clone(),
        pipeline_name: pipeline.source.name.clone(),
        pipeline_display_name: pipeline.source.meta.display_name.clone(),
        pipeline_definition: pipeline.source.definition.clone(),
        pipeline_description: pipeline.source.meta.description.clone(),
        role_arn: pipeline.role_arn.clone(),
        pipeline_status: match pipeline.source.meta.being_deleted {
            true => "Deleting",
            false => "Active",
        },
        creation_time: EpochSeconds(pipeline.created),
        last_modified_time: EpochSeconds(pipeline.created),
        last_run_time: last_run(call.store, pipeline),
        created_by: UserContext::new(&pipeline.created_by),
        last_modified_by: UserContext::new(&pipeline.created_by),
        parallelism_configuration: pipeline.parallelism.clone(),
        pipeline_version_aliases: pipeline.source.meta.version_aliases.clone(),
    })
}

/// The start of the newest execution of a pipeline.
pub(super) fn last_run(store: &Store, pipeline: &StoredPipeline) -> Option<EpochSeconds> {
    store
        .executions
        .of_pipeline(&pipeline.arn)
        .map(|execution| EpochSeconds(execution.created))
        .max()
}

/// The version that pipelines have: the first, which is the only one.
pub(super) const VERSION_ID: i64 = 1;

/// Refuses a version or an alias that a pipeline doesn't have. What SageMaker does with both together is
/// not documented; here both have to be right.
pub(super) fn check_version(
    pipeline: &StoredPipeline,
    id: Option<i64>,
    alias: Option<&str>,
) -> Result<(), ServiceError> {
    if let Some(id) = id.filter(|id| *id != VERSION_ID) {
        return Err(ServiceError::not_found(format!(
            "Pipeline version {id} does not exist."
        )));
    }
    let aliases = &pipeline.source.meta.version_aliases;
    match alias.filter(|alias| !aliases.iter().any(|known| known == alias)) {
        None => Ok(()),
        Some(alias) => Err(ServiceError::not_found(format!(
            "Pipeline version alias '{alias}' does not exist."
        ))),
    }
}
