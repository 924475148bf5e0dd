//! The admin paths and what the emulator tells about the requests it had.

use sagemaker_emulator::Operation;
use serde_json::json;

use crate::client::{STEP, TOKEN, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_are_recorded_and_counted() {
    let world = World::new().await;
    world.start("One", TOKEN);
    world
        .client
        .call("ListPipelines", json!({"MaxResults": 3}))
        .ok();
    let requests = world.emulator.requests();
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
    assert_eq!(world.emulator.request_count(Operation::ListPipelines), 1);

    let stats = world.client.send("GET", "/_emulator/stats", &[], "").ok();
    assert_eq!(
        stats,
        json!({
            "requests": {"ListPipelines": 1, "StartPipelineExecution": 1},
            "executions": {"one": 1},
        })
    );
    let requests = world
        .client
        .send("GET", "/_emulator/requests", &[], "")
        .ok();
    assert_eq!(requests[1]["operation"], "ListPipelines");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn faults_and_outcomes_can_be_ordered_by_path() {
    let world = World::new().await;
    let order = |path: &str, order: serde_json::Value| {
        let path = format!("/_emulator/{path}");
        world
            .client
            .send("POST", &path, &[], &order.to_string())
            .status
    };
    let fault = json!({"kind": "throttling", "operation": "ListPipelines", "times": 1});
    assert_eq!(order("faults", fault), Some(204));
    let ordered = world.client.send("GET", "/_emulator/faults", &[], "").ok();
    assert_eq!(ordered[0]["kind"], "throttling");
    let answer = world.client.call("ListPipelines", json!({}));
    assert_eq!(answer.code(), "ThrottlingException");

    let failure = json!({"pipeline": "One", "step": "Only", "failure": {"at_end": "no"}});
    assert_eq!(order("step-failures", failure), Some(204));
    let ending = json!({"pipeline": "Two", "status": "CompletedWithFailures"});
    assert_eq!(order("endings", ending), Some(204));
    let one = world.start("One", TOKEN);
    let two = world.start("Two", &TOKEN.replace('0', "x"));
    world.clock.advance(2 * STEP);
    assert_eq!(world.steps(&one)[0]["FailureReason"], "no");
    assert_eq!(world.status(&two), "CompletedWithFailures");
    let status = json!({"execution": two, "status": "Paused"});
    assert_eq!(order("statuses", status), Some(204));
    assert_eq!(world.status(&two), "Paused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_order_that_makes_no_sense_is_refused_with_a_reason() {
    let world = World::new().await;
    let path = "/_emulator/faults";
    let answer = world.client.send("POST", path, &[], r#"{"kind":"bad"}"#);
    assert_eq!(answer.status, Some(400));
    assert!(
        answer.body.contains("unknown variant `bad`"),
        "{}",
        answer.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_a_post_to_the_root_is_the_api() {
    let world = World::new().await;
    assert_eq!(world.client.send("GET", "/", &[], "").status, Some(404));
    assert_eq!(world.client.send("POST", "/x", &[], "").status, Some(404));
}
