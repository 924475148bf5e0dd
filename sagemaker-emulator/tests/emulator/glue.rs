//! Glue over HTTP: signatures, permissions, faults and counts of its operations.

use sagemaker_emulator::{Credentials, Fault, FaultKind, GlueJob, Operation, StartError};
use serde_json::json;

use crate::client::{Answer, STEP, Stage};

/// An emulator with the job `sales`.
async fn stage() -> Stage {
    let job = GlueJob::new("sales").max_concurrent_runs(9);
    Stage::with(|builder| builder.glue_job(job)).await
}

fn start(stage: &Stage) -> Answer {
    let request = json!({"JobName": "sales"});
    stage.client.glue().call("StartJobRun", request)
}

/// Injects a fault once, and starts a run.
async fn start_with(kind: FaultKind) -> (Stage, Answer) {
    let stage = stage().await;
    stage.emulator.inject(Fault::new(kind).times(1));
    let answer = start(&stage);
    (stage, answer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_request_to_glue_has_to_be_signed_for_glue() {
    let stage = stage().await;
    let mut client = stage.client.glue();
    client.call("GetJobs", json!({})).ok();
    client.service = "sagemaker".to_owned();
    let answer = client.call("GetJobs", json!({}));
    assert_eq!(answer.code(), "InvalidSignatureException");
    assert!(answer.message().contains("correct service: 'glue'"));
    let of_sagemaker = stage.client.call("GetJobs", json!({}));
    assert_eq!(of_sagemaker.code(), "UnknownOperationException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_denied_operation_of_glue_is_refused_with_the_action_and_the_job() {
    let stage = stage().await;
    let denied = Credentials::new("emulator", "emulator-secret").denied(Operation::StartJobRun);
    stage.emulator.replace_credentials(vec![denied]);
    let answer = start(&stage);
    assert_eq!(answer.code(), "AccessDeniedException");
    let action = "glue:StartJobRun on resource: arn:aws:glue:us-east-1:123456789012:job/sales";
    assert!(answer.message().contains(action), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_start_whose_answer_is_lost_is_carried_out_and_another_one_is_another_run() {
    for (kind, runs) in [
        (FaultKind::DropBefore, 0),
        (FaultKind::Throttling, 0),
        (FaultKind::DropAfter, 1),
        (FaultKind::TruncatedBody, 1),
    ] {
        let (stage, _) = start_with(kind).await;
        assert_eq!(stage.emulator.glue_runs_of("sales").len(), runs);
        start(&stage).ok();
        assert_eq!(stage.emulator.glue_runs_of("sales").len(), runs + 1);
        assert_eq!(stage.emulator.request_count(Operation::StartJobRun), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn each_error_of_glue_has_its_code() {
    for (kind, code) in [
        (FaultKind::Throttling, "ThrottlingException"),
        (FaultKind::ServerErrorJson(500), "InternalServiceException"),
        (FaultKind::AccessDenied, "AccessDeniedException"),
        (FaultKind::ExpiredToken, "ExpiredTokenException"),
    ] {
        let (stage, answer) = start_with(kind).await;
        assert_eq!(answer.code(), code);
        assert!(stage.emulator.glue_runs_of("sales").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pages_of_glue_can_be_without_end() {
    for (operation, items) in [("GetJobs", "Jobs"), ("GetJobRuns", "JobRuns")] {
        let stage = stage().await;
        let endless = FaultKind::EndlessPagesSameToken;
        stage.emulator.inject(Fault::new(endless));
        let request = json!({"JobName": "sales"});
        let page = stage.client.glue().call(operation, request).ok();
        assert_eq!(page[items], json!([]));
        assert!(page["NextToken"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_log_of_a_run_is_read_by_the_operations_of_cloudwatch_logs() {
    let stage = stage().await;
    let run = start(&stage).ok()["JobRunId"].clone();
    let logs = stage.client.logs();
    let mut request = json!({"logGroupName": "/aws-glue/jobs/output"});
    let missing = logs.call("DescribeLogStreams", request.clone());
    assert_eq!(missing.code(), "ResourceNotFoundException");
    stage.clock.advance(STEP);
    let streams = logs.call("DescribeLogStreams", request.clone()).ok();
    assert_eq!(streams["logStreams"][0]["logStreamName"], run);
    request["logStreamName"] = run;
    request["startFromHead"] = json!(true);
    let events = logs.call("GetLogEvents", request).ok();
    let first = events["events"][0]["message"].as_str().unwrap();
    assert!(first.starts_with("Reading"), "{events}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_number_of_runs_is_told_by_job() {
    let stage = stage().await;
    start(&stage).ok();
    start(&stage).ok();
    let stats = stage.client.send("GET", "/_emulator/stats", &[], "").ok();
    assert_eq!(stats["glue_runs"], json!({"sales": 2}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_job_needs_a_name_that_glue_allows() {
    for name in [String::new(), "a\nb".to_owned(), "x".repeat(256)] {
        let job = GlueJob::new(name);
        let started = sagemaker_emulator::Emulator::builder()
            .glue_job(job)
            .start();
        let error = started.await.err().unwrap();
        assert!(matches!(error, StartError::GlueJobName { .. }), "{error}");
    }
}
