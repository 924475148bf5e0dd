//! The admin paths, and the log of received requests.

use std::collections::BTreeMap;

use sagemaker_emulator::Operation;
use serde_json::json;

use crate::client::{STEP, Stage, TOKEN};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_are_recorded_and_counted() {
    let stage = Stage::new().await;
    stage.start("One", TOKEN);
    stage
        .client
        .call("ListPipelines", json!({"MaxResults": 3}))
        .ok();
    let requests = stage.emulator.requests();
    let operations: Vec<_> = requests.iter().map(|request| request.operation).collect();
    assert_eq!(
        operations,
        [
            Some(Operation::StartPipelineExecution),
            Some(Operation::ListPipelines)
        ]
    );
    assert_eq!(requests[1].body, json!({"MaxResults": 3}));
    assert_eq!(
        requests[1].header("x-amz-target"),
        Some("SageMaker.ListPipelines")
    );
    assert_eq!(stage.emulator.request_count(Operation::ListPipelines), 1);

    let stats = stage.client.send("GET", "/_emulator/stats", &[], "").ok();
    assert_eq!(
        stats,
        json!({
            "requests": {"ListPipelines": 1, "StartPipelineExecution": 1},
            "executions": {"one": 1},
            "glue_runs": {},
        })
    );
    let requests = stage
        .client
        .send("GET", "/_emulator/requests", &[], "")
        .ok();
    assert_eq!(requests[1]["operation"], "ListPipelines");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_requests_of_both_services_are_counted_and_forgotten() {
    let stage = Stage::new().await;
    let send = || {
        stage.client.call("ListPipelines", json!({})).ok();
        for _ in 0..2 {
            let request = json!({"logGroupName": "absent"});
            stage.client.logs().call("FilterLogEvents", request);
        }
    };
    let counts = BTreeMap::from([
        (Operation::ListPipelines, 1),
        (Operation::FilterLogEvents, 2),
    ]);
    send();
    assert_eq!(stage.emulator.request_counts(), counts);
    stage.emulator.forget_requests();
    assert_eq!(stage.emulator.request_counts(), BTreeMap::new());
    assert_eq!(stage.emulator.requests().len(), 0);

    send();
    let stats = |method: &str, path: &str| stage.client.send(method, path, &[], "");
    let requests = json!({"ListPipelines": 1, "FilterLogEvents": 2});
    assert_eq!(stats("GET", "/_emulator/stats").ok()["requests"], requests);
    let forgotten = stats("DELETE", "/_emulator/requests");
    assert_eq!(forgotten.status, Some(204));
    assert_eq!(stats("GET", "/_emulator/stats").ok()["requests"], json!({}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_admin_paths_inject_faults_and_script_outcomes() {
    let stage = Stage::new().await;
    let post = |path: &str, body: serde_json::Value| {
        let path = format!("/_emulator/{path}");
        stage
            .client
            .send("POST", &path, &[], &body.to_string())
            .status
    };
    let fault = json!({"kind": "throttling", "operation": "ListPipelines", "times": 1});
    assert_eq!(post("faults", fault), Some(204));
    let injected = stage.client.send("GET", "/_emulator/faults", &[], "").ok();
    assert_eq!(injected[0]["kind"], "throttling");
    let answer = stage.client.call("ListPipelines", json!({}));
    assert_eq!(answer.code(), "ThrottlingException");

    let failure = json!({"pipeline": "One", "step": "Only", "failure": {"at_end": "no"}});
    assert_eq!(post("step-failures", failure), Some(204));
    let ending = json!({"pipeline": "Two", "status": "CompletedWithFailures"});
    assert_eq!(post("endings", ending), Some(204));
    let one = stage.start("One", TOKEN);
    let two = stage.start("Two", &TOKEN.replace('0', "x"));
    stage.clock.advance(2 * STEP);
    assert_eq!(stage.steps(&one)[0]["FailureReason"], "no");
    assert_eq!(stage.status(&two), "CompletedWithFailures");
    let status = json!({"execution": two, "status": "Paused"});
    assert_eq!(post("statuses", status), Some(204));
    assert_eq!(stage.status(&two), "Paused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_invalid_body_is_refused_with_a_reason() {
    let stage = Stage::new().await;
    let path = "/_emulator/faults";
    let answer = stage.client.send("POST", path, &[], r#"{"kind":"bad"}"#);
    assert_eq!(answer.status, Some(400));
    assert!(
        answer.body.contains("unknown variant `bad`"),
        "{}",
        answer.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_api_is_only_at_post_to_the_root() {
    let stage = Stage::new().await;
    assert_eq!(stage.client.send("GET", "/", &[], "").status, Some(404));
    assert_eq!(stage.client.send("POST", "/x", &[], "").status, Some(404));
}
