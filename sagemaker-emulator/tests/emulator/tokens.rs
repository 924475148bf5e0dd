//! Client tokens: a repeated request does nothing twice.

use sagemaker_emulator::TokenRepeat;
use serde_json::json;

use crate::client::{Stage, TOKEN};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_repeated_start_returns_the_same_execution() {
    let stage = Stage::new().await;
    let first = stage.start("One", TOKEN);
    assert_eq!(stage.start("One", TOKEN), first);
    assert_eq!(stage.emulator.executions_created_for("One"), 1);
    assert_ne!(stage.start("One", &TOKEN.replace('0', "x")), first);
    assert_eq!(stage.emulator.executions_created_for("one"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn another_request_with_the_same_token_is_a_conflict() {
    let stage = Stage::new().await;
    stage.start("One", TOKEN);
    let request = json!({"PipelineName": "Two", "ClientRequestToken": TOKEN});
    let answer = stage.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ConflictException");
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_repeated_start_can_be_a_conflict() {
    let stage = Stage::with(|builder| builder.token_repeat(TokenRepeat::Conflict)).await;
    stage.start("One", TOKEN);
    let request = json!({"PipelineName": "One", "ClientRequestToken": TOKEN});
    let answer = stage.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ConflictException");
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_refused_request_does_not_use_its_token_up() {
    let stage = Stage::new().await;
    let request = json!({"PipelineName": "Absent", "ClientRequestToken": TOKEN});
    let answer = stage.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ResourceNotFound");
    stage.start("One", TOKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_repeated_stop_has_the_same_answer() {
    let stage = Stage::new().await;
    let arn = stage.start("One", TOKEN);
    let request = json!({"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN});
    for _ in 0..2 {
        let answer = stage
            .client
            .call("StopPipelineExecution", request.clone())
            .ok();
        assert_eq!(answer["PipelineExecutionArn"], json!(arn));
    }
}
