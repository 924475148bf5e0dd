//! The four listings: pipelines, executions, steps and parameters.

use serde::{Deserialize, Serialize};

use super::Call;
use super::executions::failure_reason;
use super::pipelines::last_run;
use super::wire::{ExecutionStep, ExecutionSummary, Parameter, PipelineSummary};
use crate::clock::EpochSeconds;
use crate::errors::ServiceError;
use crate::metadata::{StepMetadata, StepRun};
use crate::paging::{Listing, Paging};
use crate::store::Execution;
use crate::timeline::StepSnapshot;

/// The answers' member that holds the items is named by the operation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page<Items> {
    #[serde(flatten)]
    items: Items,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPipelinesRequest {
    pipeline_name_prefix: Option<String>,
    created_after: Option<EpochSeconds>,
    created_before: Option<EpochSeconds>,
    sort_by: Option<SortPipelinesBy>,
    managed_by: Option<ManagedBy>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum SortPipelinesBy {
    Name,
    CreationTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum ManagedBy {
    Aws,
    Customer,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pipelines {
    pipeline_summaries: Vec<PipelineSummary>,
}

pub(super) fn pipelines(
    call: &mut Call<'_>,
    request: ListPipelinesRequest,
) -> Result<Page<Pipelines>, ServiceError> {
    let prefix = request.pipeline_name_prefix.unwrap_or_default();
    let mut found: Vec<_> = call
        .store
        .pipelines
        .values()
        .filter(|pipeline| pipeline.source.name.starts_with(&prefix))
        .filter(|pipeline| {
            let managed_by_aws = pipeline.source.meta.managed_by_aws;
            let manager = if managed_by_aws {
                ManagedBy::Aws
            } else {
                ManagedBy::Customer
            };
            request.managed_by.is_none_or(|wanted| wanted == manager)
        })
        .filter(|pipeline| {
            let created = EpochSeconds(pipeline.created);
            created_between(created, request.created_after, request.created_before)
        })
        .collect();
    if request.sort_by != Some(SortPipelinesBy::Name) {
        found.sort_by_key(|pipeline| pipeline.created);
    }
    let (page, next_token) = request.paging.page(found, &listing(call))?;
    let pipeline_summaries = page
        .into_iter()
        .map(|pipeline| PipelineSummary {
            pipeline_arn: pipeline.arn.clone(),
            pipeline_name: pipeline.source.name.clone(),
            pipeline_display_name: pipeline.source.meta.display_name.clone(),
            pipeline_description: pipeline.source.meta.description.clone(),
            role_arn: pipeline.role_arn.clone(),
            creation_time: EpochSeconds(pipeline.created),
            last_modified_time: EpochSeconds(pipeline.created),
            last_execution_time: last_run(call.store, pipeline),
        })
        .collect();
    Ok(Page {
        items: Pipelines { pipeline_summaries },
        next_token,
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPipelineExecutionsRequest {
    pipeline_name: String,
    created_after: Option<EpochSeconds>,
    created_before: Option<EpochSeconds>,
    sort_by: Option<SortExecutionsBy>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum SortExecutionsBy {
    CreationTime,
    PipelineExecutionArn,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Executions {
    pipeline_execution_summaries: Vec<ExecutionSummary>,
}

pub(super) fn executions(
    call: &mut Call<'_>,
    request: ListPipelineExecutionsRequest,
) -> Result<Page<Executions>, ServiceError> {
    let pipeline = call.store.pipeline(&request.pipeline_name)?;
    let mut found: Vec<&Execution> = call
        .store
        .executions
        .iter()
        .filter(|execution| execution.pipeline_arn == pipeline.arn)
        .filter(|execution| {
            let created = EpochSeconds(execution.created);
            created_between(created, request.created_after, request.created_before)
        })
        .collect();
    if request.sort_by == Some(SortExecutionsBy::PipelineExecutionArn) {
        found.sort_by(|left, right| left.arn.cmp(&right.arn));
    }
    let (page, next_token) = request.paging.page(found, &listing(call))?;
    let pipeline_execution_summaries = page
        .into_iter()
        .map(|execution| {
            let status = execution.at(call.now, call.settings.timing).status;
            ExecutionSummary {
                pipeline_execution_arn: execution.arn.clone(),
                start_time: EpochSeconds(execution.created),
                pipeline_execution_failure_reason: failure_reason(&status),
                pipeline_execution_status: status,
                pipeline_execution_description: execution.description.clone(),
                pipeline_execution_display_name: execution.display_name.clone(),
            }
        })
        .collect();
    Ok(Page {
        items: Executions {
            pipeline_execution_summaries,
        },
        next_token,
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfExecutionRequest {
    pipeline_execution_arn: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

impl OfExecutionRequest {
    fn execution<'a>(&self, call: &'a Call<'_>) -> Result<&'a Execution, ServiceError> {
        // The model lets the ARN of ListPipelineExecutionSteps be absent; the service doesn't.
        let arn = self.pipeline_execution_arn.as_deref().ok_or_else(|| {
            ServiceError::validation("PipelineExecutionArn is required to list its steps.")
        })?;
        call.store.execution(arn)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Steps {
    pipeline_execution_steps: Vec<ExecutionStep>,
}

pub(super) fn steps(
    call: &mut Call<'_>,
    request: OfExecutionRequest,
) -> Result<Page<Steps>, ServiceError> {
    let execution = request.execution(call)?;
    let snapshot = execution.at(call.now, call.settings.timing);
    let (page, next_token) = request.paging.page(snapshot.steps, &listing(call))?;
    let pipeline_execution_steps = page
        .into_iter()
        .filter_map(|step| execution_step(call, execution, step))
        .collect();
    Ok(Page {
        items: Steps {
            pipeline_execution_steps,
        },
        next_token,
    })
}

fn execution_step(
    call: &Call<'_>,
    execution: &Execution,
    step: StepSnapshot,
) -> Option<ExecutionStep> {
    let planned = execution.plan.steps.get(step.position)?;
    let run = StepRun {
        place: &call.settings.place,
        execution_id: &execution.id,
        step: &planned.name,
        attempt: step.attempt,
        status: step.status,
    };
    Some(ExecutionStep {
        step_name: planned.name.clone(),
        step_display_name: planned.display_name.clone(),
        step_description: planned.description.clone(),
        start_time: EpochSeconds(step.started),
        end_time: step.ended.map(EpochSeconds),
        step_status: step.status,
        attempt_count: step.attempt,
        failure_reason: step.failure_reason,
        metadata: StepMetadata::of(&planned.duty, &run),
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    pipeline_parameters: Vec<Parameter>,
}

pub(super) fn parameters(
    call: &mut Call<'_>,
    request: OfExecutionRequest,
) -> Result<Page<Parameters>, ServiceError> {
    let execution = request.execution(call)?;
    // Pages come newest first; this listing has no sort order and keeps that of declaration.
    let parameters: Vec<_> = execution.parameters.iter().rev().collect();
    let (page, next_token) = request.paging.page(parameters, &listing(call))?;
    let pipeline_parameters = page
        .into_iter()
        .map(|(name, value)| Parameter {
            name: name.clone(),
            value: value.clone(),
        })
        .collect();
    Ok(Page {
        items: Parameters {
            pipeline_parameters,
        },
        next_token,
    })
}

fn listing(call: &Call<'_>) -> Listing {
    Listing::new(call.operation, call.body)
}

fn created_between(
    created: EpochSeconds,
    after: Option<EpochSeconds>,
    before: Option<EpochSeconds>,
) -> bool {
    after.is_none_or(|after| created > after) && before.is_none_or(|before| created < before)
}
