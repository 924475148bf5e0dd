//! Client tokens: a request that is made again does nothing again.

use sagemaker_emulator::TokenRepeat;
use serde_json::json;

use crate::client::{TOKEN, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_same_request_again_gets_the_same_execution() {
    let world = World::new().await;
    let first = world.start("One", TOKEN);
    assert_eq!(world.start("One", TOKEN), first);
    assert_eq!(world.emulator.executions_created_of("One"), 1);
    assert_ne!(world.start("One", &TOKEN.replace('0', "x")), first);
    assert_eq!(world.emulator.executions_created_of("one"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_token_with_another_request_is_a_conflict() {
    let world = World::new().await;
    world.start("One", TOKEN);
    let request = json!({"PipelineName": "Two", "ClientRequestToken": TOKEN});
    let answer = world.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ConflictException");
    assert_eq!(world.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_repeat_can_be_a_conflict_instead() {
    let world = World::with(|builder| builder.token_repeat(TokenRepeat::Conflict)).await;
    world.start("One", TOKEN);
    let request = json!({"PipelineName": "One", "ClientRequestToken": TOKEN});
    let answer = world.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ConflictException");
    assert_eq!(world.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_refused_request_leaves_its_token_free() {
    let world = World::new().await;
    let request = json!({"PipelineName": "Absent", "ClientRequestToken": TOKEN});
    let answer = world.client.call("StartPipelineExecution", request);
    assert_eq!(answer.code(), "ResourceNotFound");
    world.start("One", TOKEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_that_is_repeated_is_answered_alike() {
    let world = World::new().await;
    let arn = world.start("One", TOKEN);
    let request = json!({"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN});
    for _ in 0..2 {
        let answer = world
            .client
            .call("StopPipelineExecution", request.clone())
            .ok();
        assert_eq!(answer["PipelineExecutionArn"], json!(arn));
    }
}
