//! Turns a step of the API into a step of the contract.

use aws_kit::region::Region;
use job_type_kit::contract::{Attribute, RunState, Step};
use job_type_kit::non_blank;

use crate::api::{IterationContext, PipelineExecutionStep, ReusedResult};
use crate::detail::detail;
use crate::metadata::Metadata;
use crate::resource_links;
use crate::step_log;

/// The step, with links to what it ran. `region` is the execution's, for what has no ARN.
pub fn from_api(step: PipelineExecutionStep, region: Option<&Region>) -> Step {
    let metadata = &step.metadata;
    let platform_status = step.step_status.clone().unwrap_or_default();
    let state = state_of(&step);
    let cache_hit = is_reused(&step);
    let has_log = step_log::of_step(metadata, cache_hit).is_some();
    let resource_id = metadata.resource_id().map(str::to_owned);
    let links = resource_links::links(metadata, region);
    let reason = reason(&step, state);
    let details = details(&step, &[resource_id.as_deref(), reason.as_deref()]);
    Step {
        display_name: display_name(
            non_blank(step.step_display_name),
            step.iteration_context.as_ref(),
        ),
        name: step.step_name.unwrap_or_default(),
        kind: step.metadata.kind,
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
        Some(match non_blank(context.parent_step_name.as_ref()) {
            Some(parent) => format!("iteration {index} of {parent}"),
            None => format!("iteration {index}"),
        })
    });
    match (name, iteration) {
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
        .filter_map(|(name, text)| detail(name, text))
        .collect()
}

fn source_execution(result: &ReusedResult) -> Option<String> {
    result.source_pipeline_execution_arn.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(json: &str) -> Step {
        from_api(aws_kit::json::from_str(json).unwrap(), None)
    }

    #[test]
    fn a_failed_training_step_has_its_attempts_reason_and_job() {
        let step = step(
            r#"{"StepName": "Train", "StepDisplayName": "Train it", "StepStatus": "Failed", "AttemptCount": 2,
                "StartTime": 1.5, "EndTime": 2, "FailureReason": "AlgorithmError: out of memory",
                "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t"}}}"#,
        );
        assert_eq!(
            (step.name.as_str(), step.kind.as_str(), step.state),
            ("Train", "TrainingJob", RunState::Failed)
        );
        assert_eq!(
            (step.started_at, step.ended_at, step.attempts),
            (Some(1500), Some(2000), Some(2))
        );
        assert_eq!(
            step.reason.as_deref(),
            Some("AlgorithmError: out of memory")
        );
        assert_eq!(
            step.resource_id.as_deref(),
            Some("arn:aws:sagemaker:eu-west-1:123456789012:training-job/t")
        );
        assert_eq!(step.links.len(), 2);
    }

    #[test]
    fn a_fail_steps_message_is_its_reason() {
        let step = step(
            r#"{"StepName": "F", "FailureReason": "failed", "Metadata": {"Fail": {"ErrorMessage": "low accuracy"}}}"#,
        );
        assert_eq!(step.reason.as_deref(), Some("low accuracy"));
    }

    #[test]
    fn a_fail_step_that_still_executes_has_no_reason_yet() {
        let step = step(
            r#"{"StepStatus": "Executing", "Metadata": {"Fail": {"ErrorMessage": "low accuracy"}}}"#,
        );
        assert_eq!(step.reason, None);
        assert_eq!(
            step.details,
            [Attribute::new("error-message", "low accuracy")]
        );
    }

    #[test]
    fn each_word_of_the_model_has_its_state_and_any_other_is_unknown() {
        for (word, state) in [
            ("Starting", RunState::Running),
            ("Executing", RunState::Running),
            ("Stopping", RunState::Running),
            ("Succeeded", RunState::Success),
            ("Failed", RunState::Failed),
            ("Stopped", RunState::Cancelled),
            ("Dreaming", RunState::Unknown),
            ("", RunState::Unknown),
        ] {
            assert_eq!(
                step(&format!(r#"{{"StepStatus": "{word}"}}"#)).state,
                state,
                "{word}"
            );
        }
        assert_eq!(step("{}").state, RunState::Unknown);
    }

    #[test]
    fn the_source_of_a_cache_hit_is_a_detail() {
        let step = step(r#"{"CacheHitResult": {"SourcePipelineExecutionArn": "arn:x"}}"#);
        assert!(step.cache_hit);
        assert_eq!(step.details, [Attribute::new("cached-from", "arn:x")]);
    }

    #[test]
    fn a_step_that_a_selective_execution_reuses_is_a_cache_hit() {
        let step = step(
            r#"{"StepName": "Prepare", "SelectiveExecutionResult": {"SourcePipelineExecutionArn": "arn:x"}}"#,
        );
        assert!(step.cache_hit);
        assert_eq!(step.details, [Attribute::new("reused-from", "arn:x")]);
    }

    #[test]
    fn an_iteration_names_its_for_each_step_its_index_and_its_item() {
        let context = r#""IterationContext": {"ParentStepName": "ForEachRegion", "Index": 3, "Item": "{\"region\":\"emea\"}"}"#;
        let plain = step(&format!(r#"{{"StepName": "Score-3", {context}}}"#));
        assert_eq!(
            plain.display_name.as_deref(),
            Some("iteration 3 of ForEachRegion")
        );
        assert_eq!(
            plain.details,
            [
                Attribute::new("for-each", "ForEachRegion"),
                Attribute::new("iteration", "3"),
                Attribute::new("item", r#"{"region":"emea"}"#),
            ]
        );
        let named = step(&format!(
            r#"{{"StepName": "Score-3", "StepDisplayName": "Score it", {context}}}"#
        ));
        assert_eq!(
            named.display_name.as_deref(),
            Some("Score it, iteration 3 of ForEachRegion")
        );
        let bare = step(r#"{"StepName": "Score-3", "IterationContext": {"Index": 0}}"#);
        assert_eq!(bare.display_name.as_deref(), Some("iteration 0"));
        for unknown in ["{}", r#"{"Index": -1}"#, "[]"] {
            let step = step(&format!(r#"{{"IterationContext": {unknown}}}"#));
            assert_eq!(
                (step.display_name, step.details),
                (None, vec![]),
                "{unknown}"
            );
        }
    }

    #[test]
    fn a_failed_for_each_step_without_a_reason_counts_its_iterations() {
        let counts = r#""Metadata": {"ForEach": {"InputItemCount": 5, "TotalStepCount": 5, "FailedStepCount": 2, "StoppedStepCount": 1, "Status": "Failed"}}"#;
        let failed = step(&format!(r#"{{"StepStatus": "Failed", {counts}}}"#));
        assert_eq!(failed.kind, "ForEach");
        assert_eq!(
            failed.reason.as_deref(),
            Some("2 of 5 iteration steps failed, 1 stopped")
        );
        assert!(
            failed
                .details
                .contains(&Attribute::new("failed-step-count", "2"))
        );
        let with_reason = step(&format!(
            r#"{{"StepStatus": "Failed", "FailureReason": "no items", {counts}}}"#
        ));
        assert_eq!(with_reason.reason.as_deref(), Some("no items"));
        let running = step(&format!(r#"{{"StepStatus": "Executing", {counts}}}"#));
        assert_eq!(running.reason, None);
    }

    #[test]
    fn a_failed_check_without_a_reason_names_its_violation_report() {
        let failed = step(
            r#"{"StepStatus": "Failed", "Metadata": {"QualityCheck": {"ViolationReport": "s3://b/report.json"}}}"#,
        );
        assert_eq!(
            failed.reason.as_deref(),
            Some("the check found violations; its report is s3://b/report.json")
        );
    }

    #[test]
    fn what_a_step_ran_is_its_resource_whatever_the_kind_calls_it() {
        for (metadata, resource) in [
            (r#"{"Athena": {"QueryExecutionId": "q-1"}}"#, "q-1"),
            (
                r#"{"EMRServerless": {"ApplicationId": "00f", "JobRunId": "00g"}}"#,
                "00g",
            ),
            (r#"{"EMR": {"ClusterId": "j-1", "StepId": "s-1"}}"#, "s-1"),
            (
                r#"{"HubContent": {"HubArn": "arn:h", "HubContentArn": "arn:c"}}"#,
                "arn:c",
            ),
            (r#"{"Job": {"Arn": "arn:j"}}"#, "arn:j"),
        ] {
            let step = step(&format!(r#"{{"Metadata": {metadata}}}"#));
            assert_eq!(step.resource_id.as_deref(), Some(resource), "{metadata}");
            assert!(!step.details.iter().any(|detail| detail.value == resource));
        }
    }

    #[test]
    fn every_other_member_of_the_metadata_is_a_detail_even_of_an_unknown_kind() {
        let step = step(
            r#"{"Metadata": {"QuantumJob": {"Arn": "arn:q", "QubitCount": 3, "S3OutputLocation": "s3://b/k", "Warm": false,
                "Empty": "", "None": null, "Nothing": [],
                "OutputParameters": [{"Name": "a", "Value": "1"}, {"Name": "b", "Value": "2"}],
                "Selector": {"Index": 1, "StepName": "Score-1"}}}}"#,
        );
        assert_eq!(
            (step.kind.as_str(), step.resource_id.as_deref()),
            ("QuantumJob", Some("arn:q"))
        );
        assert_eq!(
            step.details,
            [
                Attribute::new("output-parameters", "a=1; b=2"),
                Attribute::new("qubit-count", "3"),
                Attribute::new("s3-output-location", "s3://b/k"),
                Attribute::new("selector", "Index: 1, StepName: Score-1"),
                Attribute::new("warm", "false"),
            ]
        );
    }

    #[test]
    fn a_detail_has_a_thousand_characters_at_the_most() {
        let long = "é".repeat(12_800);
        let step = step(&format!(
            r#"{{"IterationContext": {{"Item": "{long}"}}, "Metadata": {{"Lambda": {{"Note": "{long}"}}}}}}"#
        ));
        assert_eq!(step.details.len(), 2);
        for detail in step.details {
            assert_eq!(detail.value.chars().count(), 1_000);
            assert!(detail.value.ends_with('…'));
        }
    }
}
