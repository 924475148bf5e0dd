//! The four List operations: pipelines, executions, steps and parameters.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::call::Call;
use super::executions::failure_reason;
use super::messages::{
    ExecutionStep, ExecutionSummary, IterationContext, Parameter, PipelineSummary,
    SelectiveExecutionResult,
};
use super::paging::{PAGING_MEMBERS, Paging};
use super::pipelines::{check_version, last_run};
use super::step_metadata::{Iterations, StepMetadata, StepRun};
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::error::ServiceError;
use crate::execution::plan::{PlannedStep, Selection};
use crate::execution::timeline::StepSnapshot;
use crate::page_token::Listing;
use crate::store::execution::Execution;
use crate::store::{Store, StoredPipeline};

/// A response with one page. The name of the member with the items depends on the operation.
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

impl ListPipelinesRequest {
    fn matches(&self, pipeline: &StoredPipeline) -> bool {
        let prefix = self.pipeline_name_prefix.as_deref().unwrap_or_default();
        let manager = match pipeline.source.meta.managed_by_aws {
            true => ManagedBy::Aws,
            false => ManagedBy::Customer,
        };
        pipeline.source.name.starts_with(prefix)
            && self
                .managed_by
                .is_none_or(|managed_by| managed_by == manager)
            && created_between(pipeline.created, self.created_after, self.created_before)
    }
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
    let mut found: Vec<_> = call
        .store
        .pipelines
        .values()
        .filter(|pipeline| request.matches(pipeline))
        .collect();
    if request.sort_by != Some(SortPipelinesBy::Name) {
        found.sort_by_key(|pipeline| pipeline.number);
    }
    let (page, next_token) = request.paging.page(found, &listing(call))?;
    let pipeline_summaries = page
        .into_iter()
        .map(|pipeline| pipeline_summary(call.store, pipeline))
        .collect();
    Ok(Page {
        items: Pipelines { pipeline_summaries },
        next_token,
    })
}

fn pipeline_summary(store: &Store, pipeline: &StoredPipeline) -> PipelineSummary {
    PipelineSummary {
        pipeline_arn: pipeline.arn.clone(),
        pipeline_name: pipeline.source.name.clone(),
        pipeline_display_name: pipeline.source.meta.display_name.clone(),
        pipeline_description: pipeline.source.meta.description.clone(),
        role_arn: pipeline.role_arn.clone(),
        creation_time: EpochSeconds(pipeline.created),
        last_modified_time: EpochSeconds(pipeline.created),
        last_execution_time: last_run(store, pipeline),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPipelineExecutionsRequest {
    pipeline_name: String,
    created_after: Option<EpochSeconds>,
    created_before: Option<EpochSeconds>,
    sort_by: Option<SortExecutionsBy>,
    pipeline_version_alias: Option<String>,
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
    // All executions are of the only version.
    check_version(pipeline, None, request.pipeline_version_alias.as_deref())?;
    let mut found: Vec<&Execution> = call
        .store
        .executions
        .of_pipeline(&pipeline.arn)
        .filter(|execution| {
            created_between(
                execution.created,
                request.created_after,
                request.created_before,
            )
        })
        .collect();
    if request.sort_by == Some(SortExecutionsBy::PipelineExecutionArn) {
        found.sort_by(|left, right| left.arn.cmp(&right.arn));
    }
    let (page, next_token) = request.paging.page(found, &listing(call))?;
    let pipeline_execution_summaries = page
        .into_iter()
        .map(|execution| {
            let (status, _) = execution.status_at(call.now, call.settings.timing);
            ExecutionSummary {
                pipeline_execution_arn: execution.arn.clone(),
                start_time: EpochSeconds(execution.created),
                pipeline_execution_failure_reason: failure_reason(&status),
                pipeline_execution_status: status,
                pipeline_execution_description: execution.description.clone(),
                pipeline_execution_display_name: execution.display_name.clone(),
                pipeline_version_aliases: pipeline.source.meta.version_aliases.clone(),
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
pub(super) struct ListOfExecutionRequest {
    pipeline_execution_arn: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

impl ListOfExecutionRequest {
    fn execution<'a>(&self, call: &'a Call<'_>) -> Result<&'a Execution, ServiceError> {
        // Optional in the model of ListPipelineExecutionSteps, but the service requires it.
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
    request: ListOfExecutionRequest,
) -> Result<Page<Steps>, ServiceError> {
    let execution = request.execution(call)?;
    let steps = execution.steps_at(call.now, call.settings.timing);
    let (page, next_token) = request.paging.page(steps.clone(), &listing(call))?;
    let pipeline_execution_steps = page
        .into_iter()
        .filter_map(|step| execution_step(call, execution, step, &steps))
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
    all: &[StepSnapshot],
) -> Option<ExecutionStep> {
    let plan = &execution.plan;
    let planned = plan.steps.get(step.position)?;
    let source = source_of(execution, planned);
    let run = StepRun {
        account: &call.settings.account,
        // What a reused step ran was run by the source execution.
        execution_id: match &source {
            Some(arn) => &call.store.execution(arn).ok()?.id,
            None => &execution.id,
        },
        step: &planned.name,
        attempt: step.attempt,
        status: step.status,
        iterations: Iterations::count(plan, step.position, all),
    };
    let iteration_context = planned.iteration.as_ref().and_then(|iteration| {
        Some(IterationContext {
            parent_step_name: plan.steps.get(iteration.parent)?.name.clone(),
            index: iteration.index,
            item: iteration.item.clone(),
        })
    });
    Some(ExecutionStep {
        step_name: planned.name.clone(),
        step_display_name: planned.display_name.clone(),
        step_description: planned.description.clone(),
        start_time: EpochSeconds(step.started),
        end_time: step.ended.map(EpochSeconds),
        step_status: step.status,
        attempt_count: step.attempt,
        failure_reason: step.failure_reason,
        metadata: StepMetadata::new(&planned.action, &run),
        selective_execution_result: source.map(|source_pipeline_execution_arn| {
            SelectiveExecutionResult {
                source_pipeline_execution_arn,
            }
        }),
        iteration_context,
    })
}

/// The execution whose result a step has, if it is reused.
fn source_of(execution: &Execution, step: &PlannedStep) -> Option<String> {
    let selective = execution.selective.as_ref()?;
    let source = selective.source_pipeline_execution_arn.clone()?;
    (step.selection == Selection::Reuse).then_some(source)
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    pipeline_parameters: Vec<Parameter>,
}

pub(super) fn parameters(
    call: &mut Call<'_>,
    request: ListOfExecutionRequest,
) -> Result<Page<Parameters>, ServiceError> {
    let execution = request.execution(call)?;
    // Pages are in descending order; this listing keeps the order of declaration.
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
    Listing::new(call.operation, call.body, &PAGING_MEMBERS)
}

fn created_between(
    created: SystemTime,
    after: Option<EpochSeconds>,
    before: Option<EpochSeconds>,
) -> bool {
    let created = EpochSeconds(created);
    after.is_none_or(|after| created > after) && before.is_none_or(|before| created < before)
}
