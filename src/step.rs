//! Turns a step of the API into a step of the contract.

use job_type_kit::contract::{Attribute, RunState, Step};

use crate::api::PipelineExecutionStep;
use crate::resource_links::resource_links;

/// The step, with links to what it ran.
pub fn from_api(step: PipelineExecutionStep) -> Step {
    let facts = &step.metadata.facts;
    let resource_id = facts.resource_arn().map(str::to_owned);
    let links = resource_id
        .as_deref()
        .map(resource_links)
        .unwrap_or_default();
    let details = details(&step);
    // The message of a Fail step says why. Its FailureReason says only that it failed, if anything.
    let reason = [&step.metadata.facts.error_message, &step.failure_reason]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty())
        .cloned();
    let platform_status = step.step_status.unwrap_or_default();
    Step {
        name: step.step_name.unwrap_or_default(),
        display_name: step.step_display_name.filter(|name| !name.is_empty()),
        kind: step.metadata.kind,
        state: state(&platform_status),
        platform_status,
        started_at: step.start_time,
        ended_at: step.end_time,
        attempts: step.attempt_count,
        cache_hit: step.cache_hit_result.is_some(),
        reason,
        resource_id,
        links,
        details,
    }
}

/// API model: `StepStatus`
fn state(status: &str) -> RunState {
    match status {
        "Starting" | "Executing" | "Stopping" => RunState::Running,
        "Succeeded" => RunState::Success,
        "Failed" => RunState::Failed,
        "Stopped" => RunState::Cancelled,
        _ => RunState::Unknown,
    }
}

fn details(step: &PipelineExecutionStep) -> Vec<Attribute> {
    let facts = &step.metadata.facts;
    let cached_from = step
        .cache_hit_result
        .as_ref()
        .and_then(|hit| hit.source_pipeline_execution_arn.as_ref());
    [
        ("description", step.step_description.as_ref()),
        ("cached-from", cached_from),
        ("outcome", facts.outcome.as_ref()),
        ("violation-report", facts.violation_report.as_ref()),
        ("callback-token", facts.callback_token.as_ref()),
        ("sqs-queue-url", facts.sqs_queue_url.as_ref()),
        ("emr-cluster-id", facts.cluster_id.as_ref()),
        ("emr-step-id", facts.step_id.as_ref()),
        ("emr-application-id", facts.application_id.as_ref()),
        ("emr-job-run-id", facts.job_run_id.as_ref()),
        ("log-file", facts.log_file_path.as_ref()),
        ("athena-query-id", facts.query_execution_id.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)))
    .map(|(name, value)| Attribute::new(name, value.as_str()))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(json: &str) -> Step {
        from_api(aws_kit::json::from_str(json).unwrap())
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
}
