//! Turns a step of the API into a step of the contract.

use aws_kit::region::Region;
use job_type_kit::contract::{Attribute, RunState, Step};
use job_type_kit::non_blank;

use crate::api::{IterationContext, PipelineExecutionStep, ReusedResult};
use crate::metadata::Metadata;
use crate::resource_links;
use crate::step_log;
use crate::text;

/// The step, with links to what it ran. `region` is the execution's, for what has no ARN.
pub fn from_api(step: PipelineExecutionStep, region: Option<&Region>) -> Step {
    let metadata = &step.metadata;
    let platform_status = text::word(step.step_status.clone().unwrap_or_default());
    let state = state_of(&step);
    let cache_hit = is_reused(&step);
    let name = text::word(step.step_name.clone().unwrap_or_default());
    // A log is asked for by the step's whole name.
    let is_whole = step.step_name.as_ref().is_none_or(|whole| *whole == name);
    let has_log = is_whole && step_log::of_step(metadata, cache_hit).is_some();
    let resource_id = metadata.resource_id().map(str::to_owned);
    let links = resource_links::links(metadata, region);
    let reason = reason(&step, state).map(text::message);
    let details = details(&step, &[resource_id.as_deref(), reason.as_deref()]);
    Step {
        display_name: display_name(
            non_blank(step.step_display_name),
            step.iteration_context.as_ref(),
        ),
        name,
        kind: text::word(step.metadata.kind),
        state,
        platform_status,
        started_at: step.start_time,
        ended_at: step.end_time,
        attempts: step.attempt_count,
        cache_hit,
        has_log,
        reason,
        resource_id,
        links,
        details,
    }
}

/// API model: `StepStatus`
pub fn state_of(step: &PipelineExecutionStep) -> RunState {
    match step.step_status.as_deref() {
        Some("Starting" | "Executing" | "Stopping") => RunState::Running,
        Some("Succeeded") => RunState::Success,
        Some("Failed") => RunState::Failed,
        Some("Stopped") => RunState::Cancelled,
        _ => RunState::Unknown,
    }
}

/// Whether a step's result was taken from an earlier run.
pub fn is_reused(step: &PipelineExecutionStep) -> bool {
    step.cache_hit_result.is_some() || step.selective_execution_result.is_some()
}

/// The name for display. An iteration of a ForEach step says which one it is: its own name differs
/// from the others' by a number alone.
fn display_name(name: Option<String>, iteration: Option<&IterationContext>) -> Option<String> {
    let iteration = iteration.and_then(|context| {
        let index = context.index?;
        Some(
            match non_blank(context.parent_step_name.clone()).map(text::word) {
                Some(parent) => format!("iteration {index} of {parent}"),
                None => format!("iteration {index}"),
            },
        )
    });
    match (name.map(text::word), iteration) {
        (Some(name), Some(iteration)) => Some(format!("{name}, {iteration}")),
        (name, iteration) => name.or(iteration),
    }
}

/// Why a step failed. The message of a Fail step comes first: its FailureReason says only that it
/// failed, if anything.
fn reason(step: &PipelineExecutionStep, state: RunState) -> Option<String> {
    if state == RunState::Running {
        return None;
    }
    let metadata = &step.metadata;
    let told = metadata.member("error-message");
    let told = told.or(non_blank(step.failure_reason.as_deref()));
    if told.is_some() || state != RunState::Failed {
        return told.map(str::to_owned);
    }
    violations(metadata).or_else(|| failed_iterations(metadata))
}

fn violations(metadata: &Metadata) -> Option<String> {
    let report = metadata.member("violation-report")?;
    Some(format!(
        "the check found violations; its report is {report}"
    ))
}

fn failed_iterations(metadata: &Metadata) -> Option<String> {
    let failed = metadata.member("failed-step-count")?;
    let total = metadata.member("total-step-count")?;
    let stopped = match metadata.member("stopped-step-count") {
        None | Some("0") => String::new(),
        Some(stopped) => format!(", {stopped} stopped"),
    };
    Some(format!(
        "{failed} of {total} iteration steps failed{stopped}"
    ))
}

/// The further facts: about the step itself, then the members of its metadata in order of their
/// names. What stands elsewhere in the step, in `shown`, is left out.
fn details(step: &PipelineExecutionStep, shown: &[Option<&str>]) -> Vec<Attribute> {
    let source = |result: Option<&_>| result.and_then(source_execution);
    let iteration = step.iteration_context.as_ref();
    let own = [
        ("description", step.step_description.clone()),
        (
            "for-each",
            iteration.and_then(|context| context.parent_step_name.clone()),
        ),
        (
            "iteration",
            iteration.and_then(|context| Some(context.index?.to_string())),
        ),
        ("item", iteration.and_then(|context| context.item.clone())),
        ("cached-from", source(step.cache_hit_result.as_ref())),
        (
            "reused-from",
            source(step.selective_execution_result.as_ref()),
        ),
    ];
    let members = step.metadata.members.iter();
    own.into_iter()
        .chain(members.map(|member| (member.name.as_str(), Some(member.value.clone()))))
        .filter(|(_, text)| !shown.contains(&text.as_deref()))
        .filter_map(|(name, text)| Attribute::detail(name, text))
        .collect()
}

fn source_execution(result: &ReusedResult) -> Option<String> {
    result.source_pipeline_execution_arn.clone()
}

#[cfg(test)]
mod tests;
