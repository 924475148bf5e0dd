//! Starts of runs: the request, and that the same GUID never starts a second execution.

use crate::support::{GUID, Stage, answer, attribute, credentials, job, parameter, refusal};
use polysync_host::contract::{Direction, Error, ErrorClass, Severity};
use sagemaker_emulator::{Fault, FaultKind, Operation, Pipeline, TokenRepeat};

const STRINGS: &str = r#"{"Version": "2020-12-01", "Steps": [], "Parameters": [
    {"Name": "B", "Type": "String", "DefaultValue": "b"},
    {"Name": "A", "Type": "Integer", "DefaultValue": 1},
    {"Name": "C", "Type": "String", "DefaultValue": "c"}]}"#;

#[tokio::test]
async fn the_run_id_is_the_raw_execution_arn() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    assert!(
        run.run_id
            .starts_with("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step/execution/"),
        "{}",
        run.run_id
    );
    assert_eq!(stage.emulator.executions_created_for("one-step"), 1);
}

#[tokio::test]
async fn a_start_sends_name_parameters_and_token_as_specified() {
    let stage = Stage::with(|emulator| emulator.pipeline("strings", STRINGS)).await;
    stage
        .start(&job("strings", &[("B", "x"), ("A", "7")]))
        .await;
    let request = &stage.requests(Operation::StartPipelineExecution)[0];
    assert_eq!(
        request.body.to_string(),
        format!(
            r#"{{"ClientRequestToken":"polysync-{GUID}","PipelineName":"strings","PipelineParameters":[{{"Name":"B","Value":"x"}},{{"Name":"A","Value":"7"}}]}}"#
        )
    );
    assert_eq!(
        request.header("x-amz-target"),
        Some("SageMaker.StartPipelineExecution")
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/x-amz-json-1.1")
    );
}

#[tokio::test]
async fn input_and_input_output_parameters_are_sent_and_output_ones_are_not() {
    let stage = Stage::with(|emulator| emulator.pipeline("strings", STRINGS)).await;
    let mut job = job("strings", &[]);
    job.parameters = vec![
        parameter("B", Direction::Input, Some("1")),
        parameter("A", Direction::InputOutput, Some("2")),
        parameter("C", Direction::Output, Some("3")),
    ];
    stage.start(&job).await;
    let body = &stage.requests(Operation::StartPipelineExecution)[0].body;
    assert_eq!(
        body["PipelineParameters"].to_string(),
        r#"[{"Name":"B","Value":"1"},{"Name":"A","Value":"2"}]"#
    );
}

#[tokio::test]
async fn a_parameter_without_a_value_is_left_out_so_that_the_default_applies() {
    let stage = Stage::with(|emulator| emulator.pipeline("strings", STRINGS)).await;
    let mut job = job("strings", &[]);
    job.parameters = vec![parameter("B", Direction::Input, None)];
    stage.start(&job).await;
    let body = &stage.requests(Operation::StartPipelineExecution)[0].body;
    assert!(body.get("PipelineParameters").is_none(), "{body}");
}

#[tokio::test]
async fn display_name_description_and_parallelism_are_sent_if_given() {
    let stage = Stage::new().await;
    let mut job = job("one-step", &[]);
    job.attributes = vec![
        attribute("execution-display-name", "Nightly-run"),
        attribute("execution-description", "all of it"),
        attribute("max-parallel-execution-steps", "3"),
    ];
    stage.start(&job).await;
    let body = &stage.requests(Operation::StartPipelineExecution)[0].body;
    assert_eq!(body["PipelineExecutionDisplayName"], "Nightly-run");
    assert_eq!(body["PipelineExecutionDescription"], "all of it");
    assert_eq!(
        body["ParallelismConfiguration"]["MaxParallelExecutionSteps"],
        3
    );
}

#[tokio::test]
async fn an_empty_attribute_counts_as_not_given() {
    let stage = Stage::new().await;
    let mut job = job("one-step", &[]);
    job.attributes = [
        "execution-display-name",
        "execution-description",
        "max-parallel-execution-steps",
        "execution-role-arn",
    ]
    .map(|key| attribute(key, ""))
    .to_vec();
    stage.start(&job).await;
    let body = &stage.requests(Operation::StartPipelineExecution)[0].body;
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["ClientRequestToken", "PipelineName"]);
}

#[tokio::test]
async fn the_execution_role_of_the_job_takes_precedence_over_the_default_of_the_connection() {
    const JOB_ROLE: &str = "arn:aws:iam::123456789012:role/of-the-job";
    const DEFAULT_ROLE: &str = "arn:aws:iam::123456789012:role/of-the-platform";
    const ARN: &str = "arn:aws:sagemaker:eu-west-1:aws:pipeline/managed";
    let managed = Pipeline::new("managed", r#"{"Version": "2020-12-01", "Steps": []}"#);
    let stage = Stage::with(|e| e.with_pipeline(managed.managed_by_aws())).await;
    let mut connection = stage.connection();
    connection.attributes = vec![attribute("default-execution-role-arn", DEFAULT_ROLE)];
    let job_type = stage.job_type_with(&stage.plugin, connection, credentials());
    let mut with_role = job("managed", &[]);
    with_role.attributes = vec![attribute("execution-role-arn", JOB_ROLE)];

    answer(job_type.start(&with_role, GUID).await);
    let other_guid = "11111111-2222-3333-4444-555555555555";
    answer(job_type.start(&job(ARN, &[]), other_guid).await);

    let roles: Vec<_> = stage
        .requests(Operation::StartPipelineExecution)
        .iter()
        .map(|request| request.body["RoleArn"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(roles, [JOB_ROLE, DEFAULT_ROLE]);
}

/// SageMaker refuses a role for such a pipeline.
#[tokio::test]
async fn a_default_role_of_the_connection_does_not_break_the_start_of_a_users_own_pipeline() {
    let stage = Stage::new().await;
    let mut connection = stage.connection();
    connection.attributes = vec![attribute(
        "default-execution-role-arn",
        "arn:aws:iam::123456789012:role/of-the-platform",
    )];
    let job_type = stage.job_type_with(&stage.plugin, connection, credentials());
    let own = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step";
    for (external_id, guid) in [
        ("one-step", GUID),
        (own, "11111111-2222-3333-4444-555555555555"),
    ] {
        let job = job(external_id, &[]);
        answer(job_type.start(&job, guid).await);
        let findings = job_type.validate(&job, None).await.unwrap();
        assert_eq!(
            findings[0].field,
            "connection.attributes.default-execution-role-arn"
        );
        assert_eq!(findings[0].severity, Severity::Warning);
    }
}

#[tokio::test]
async fn a_pipeline_can_be_identified_by_its_arn() {
    let stage = Stage::new().await;
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step";
    stage.start(&job(arn, &[])).await;
    assert_eq!(stage.emulator.executions_created_for("one-step"), 1);
}

#[tokio::test]
async fn the_same_guid_gives_the_same_run_and_not_a_second_one() {
    let stage = Stage::new().await;
    let job = job("one-step", &[]);
    let first = answer(stage.job_type().start(&job, GUID).await);
    let second = answer(stage.job_type().start(&job, &GUID.to_uppercase()).await);
    assert_eq!(first.run_id, second.run_id);
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_gives_the_same_run_on_retry() {
    for lost in [FaultKind::DropAfter, FaultKind::TruncatedBody] {
        let stage = Stage::new().await;
        let fault = Fault::new(lost).on(Operation::StartPipelineExecution);
        stage.emulator.inject(fault.times(1));
        let run = stage.start(&job("one-step", &[])).await;
        assert!(run.run_id.contains("/execution/"));
        assert_eq!(stage.emulator.executions_created(), 1);
        assert_eq!(stage.requests(Operation::StartPipelineExecution).len(), 2);
    }
}

#[tokio::test]
async fn a_repeated_start_that_the_platform_refuses_as_a_conflict_starts_no_second_run() {
    let stage = Stage::with(|e| e.token_repeat(TokenRepeat::Conflict)).await;
    let job = job("one-step", &[]);
    answer(stage.job_type().start(&job, GUID).await);
    let error = refusal(stage.job_type().start(&job, GUID).await);
    check_doubt(&error);
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_start_whose_answer_is_lost_and_whose_retry_is_a_conflict_starts_one_run() {
    let stage = Stage::with(|e| e.token_repeat(TokenRepeat::Conflict)).await;
    let lost = Fault::new(FaultKind::DropAfter).on(Operation::StartPipelineExecution);
    stage.emulator.inject(lost.times(1));
    let error = refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
    check_doubt(&error);
    assert_eq!(stage.emulator.executions_created(), 1);
    assert_eq!(stage.requests(Operation::StartPipelineExecution).len(), 2);
}

#[tokio::test]
async fn a_repeated_start_of_a_job_that_was_changed_meanwhile_starts_no_second_run() {
    let stage = Stage::with(|emulator| emulator.pipeline("strings", STRINGS)).await;
    answer(stage.job_type().start(&job("strings", &[]), GUID).await);
    let changed = job("strings", &[("A", "7")]);
    let error = refusal(stage.job_type().start(&changed, GUID).await);
    check_doubt(&error);
    assert_eq!(stage.emulator.executions_created(), 1);
}

/// The error of a start that may have been carried out before.
fn check_doubt(error: &Error) {
    assert_eq!(
        (error.class, error.code.as_str(), error.retryable),
        (ErrorClass::Conflict, "ConflictException", false)
    );
    for told in ["No second execution was started", "run id is not known"] {
        assert!(error.hint.contains(told), "{}", error.hint);
    }
    let token = &error.details[0];
    assert_eq!(token.name, "client-request-token");
    assert_eq!(token.value, format!("polysync-{GUID}"));
}

#[tokio::test]
async fn a_job_with_a_validation_error_is_refused_before_any_request() {
    let stage = Stage::new().await;
    let mut job = job("one-step", &[]);
    job.attributes = vec![attribute("max-parallel-execution-steps", "0")];
    let error = refusal(stage.job_type().start(&job, GUID).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Invalid, "InvalidJob")
    );
    assert!(
        error.message.contains("max-parallel-execution-steps"),
        "{}",
        error.message
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_job_with_a_validation_warning_is_started() {
    let stage = Stage::with(|emulator| emulator.pipeline("strings", STRINGS)).await;
    let mut job = job("strings", &[]);
    job.parameters = vec![parameter("C", Direction::Output, None)];
    stage.start(&job).await;
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_text_that_is_not_a_guid_is_refused() {
    let stage = Stage::new().await;
    let error = refusal(stage.job_type().start(&job("one-step", &[]), "42").await);
    assert_eq!(error.code, "InvalidGuid");
    assert_eq!(stage.emulator.requests().len(), 0);
}
