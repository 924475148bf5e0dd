//! Tests of steps.

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
fn a_step_may_have_a_log_if_what_it_ran_writes_one() {
    let training =
        r#""Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:r:1:training-job/t"}}"#;
    let lambda = r#""Metadata": {"Lambda": {"Arn": "arn:aws:lambda:r:1:function:f"}}"#;
    let reused = r#""CacheHitResult": {"SourcePipelineExecutionArn": "arn:x"}"#;
    let has_log = |members: &[&str]| step(&format!("{{{}}}", members.join(","))).has_log;
    assert!(has_log(&[training]) && has_log(&[training, reused]) && has_log(&[lambda]));
    assert!(!has_log(&[lambda, reused]) && !has_log(&[]));
    assert!(!has_log(&[
        r#""Metadata": {"Condition": {"Outcome": "True"}}"#
    ]));
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

/// An answer has thousands of failed steps.
#[test]
fn the_texts_of_a_step_are_bounded() {
    let long = "é".repeat(50_000);
    let arn = format!("arn:aws:sagemaker:eu-west-1:123456789012:training-job/{long}");
    let step = step(
        &serde_json::json!({
            "StepName": long, "StepDisplayName": long, "StepStatus": long, "FailureReason": long,
            "IterationContext": {"ParentStepName": long, "Index": 3},
            "Metadata": {long.clone(): {"Arn": arn, long.clone(): 1}},
        })
        .to_string(),
    );
    let length = |text: &str| text.chars().count();
    for text in [&step.name, &step.kind, &step.platform_status] {
        assert_eq!(length(text), 256);
    }
    let iteration = ", iteration 3 of ".len();
    assert_eq!(
        step.display_name.as_deref().map(length),
        Some(256 + iteration + 256)
    );
    assert_eq!(step.reason.as_deref().map(length), Some(3_072));
    assert_eq!((step.resource_id, step.links), (None, vec![]));
    assert!(
        step.details
            .iter()
            .all(|detail| length(&detail.name) <= 128 && length(&detail.value) <= 1_000)
    );
}

/// A log is asked for by the step's name.
#[test]
fn a_step_whose_name_is_cut_has_no_log_to_ask_for() {
    let arn = "arn:aws:sagemaker:r:1:training-job/t";
    for (length, has_log) in [(256, true), (257, false)] {
        let name = "n".repeat(length);
        let step = step(
            &serde_json::json!({"StepName": name, "Metadata": {"TrainingJob": {"Arn": arn}}})
                .to_string(),
        );
        assert_eq!(step.has_log, has_log);
    }
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
