//! Each fault that can be ordered.

use std::time::Duration;

use sagemaker_emulator::{Fault, FaultKind, Operation};
use serde_json::json;

use crate::client::{Answer, TOKEN, World};

/// The answer to a listing that meets one fault.
async fn struck_by(kind: FaultKind) -> (World, Answer) {
    let world = World::new().await;
    world.emulator.order(Fault::new(kind).times(1));
    let answer = world.client.call("ListPipelines", json!({}));
    (world, answer)
}

async fn refused_by(kind: FaultKind) -> (Option<u16>, String) {
    let (world, answer) = struck_by(kind).await;
    world.client.call("ListPipelines", json!({})).ok();
    (answer.status, answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn refusals_can_be_ordered_by_kind() {
    let custom = FaultKind::Error {
        status: 400,
        code: "com.amazon#LimitExceededException:http://x/".to_owned(),
        message: "m".to_owned(),
    };
    let kinds = [
        (FaultKind::Throttling, 400, "ThrottlingException"),
        (FaultKind::ServerErrorJson(503), 503, "InternalFailure"),
        (FaultKind::AccessDenied, 400, "AccessDeniedException"),
        (FaultKind::ExpiredToken, 400, "ExpiredTokenException"),
        (FaultKind::ClockSkew, 400, "InvalidSignatureException"),
        (FaultKind::Conflict, 400, "ConflictException"),
        (custom, 400, "com.amazon#LimitExceededException:http://x/"),
    ];
    for (kind, status, code) in kinds {
        assert_eq!(refused_by(kind).await, (Some(status), code.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_throttle_is_worded_as_sagemaker_words_it() {
    let (_world, answer) = struck_by(FaultKind::Throttling).await;
    assert_eq!(
        answer.json(),
        json!({"__type": "ThrottlingException", "message": "Rate exceeded"})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn too_many_requests_tells_when_to_come_again() {
    let kind = FaultKind::TooManyRequests {
        retry_after: Some(1500),
    };
    let (_world, answer) = struck_by(kind).await;
    assert_eq!(answer.status, Some(429));
    assert_eq!(answer.header("x-amz-retry-after"), Some("1500"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_server_error_can_be_a_page_of_html() {
    let (_world, answer) = struck_by(FaultKind::ServerErrorHtml(502)).await;
    assert_eq!(answer.status, Some(502));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.body.starts_with("<html>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn garbage_is_a_success_that_is_no_json() {
    let (_world, answer) = struck_by(FaultKind::Garbage).await;
    assert_eq!(answer.status, Some(200));
    assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_truncated_body_is_shorter_than_announced() {
    let (_world, answer) = struck_by(FaultKind::TruncatedBody).await;
    assert_eq!(answer.status, Some(200));
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(answer.body.len(), announced / 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_dropped_connection_answers_nothing_before_or_after_the_operation() {
    let world = World::new().await;
    let start = |kind, token: &str| {
        world.emulator.order(Fault::new(kind).times(1));
        let request = json!({"PipelineName": "One", "ClientRequestToken": token});
        let answer = world.client.call("StartPipelineExecution", request);
        assert_eq!(answer.status, None);
        assert_eq!(answer.body, "");
    };
    start(FaultKind::DropBefore, TOKEN);
    assert_eq!(world.emulator.executions_created(), 0);
    start(FaultKind::DropAfter, TOKEN);
    assert_eq!(world.emulator.executions_created(), 1);
    world.start("One", TOKEN);
    assert_eq!(world.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_operation_is_carried_out_in_spite_of_latency() {
    let (_world, answer) = struck_by(FaultKind::Latency(1)).await;
    answer.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_fault_can_be_narrowed_to_an_operation_and_a_pipeline() {
    let world = World::new().await;
    let fault = Fault::new(FaultKind::Throttling)
        .on(Operation::DescribePipelineExecution)
        .of_pipeline("Two");
    world.emulator.order(fault);
    let one = world.start("One", TOKEN);
    let two = world.start("Two", &TOKEN.replace('0', "x"));
    assert_eq!(world.status(&one), "Executing");
    for _ in 0..3 {
        let request = json!({"PipelineExecutionArn": two});
        let answer = world.client.call("DescribePipelineExecution", request);
        assert_eq!(answer.code(), "ThrottlingException");
    }
    world.emulator.clear_faults();
    assert_eq!(world.status(&two), "Executing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pages_can_be_empty_and_never_end() {
    let world = World::new().await;
    let page = |token: &str| {
        let request = json!({"NextToken": token});
        let page = world.client.call("ListPipelines", request).ok();
        assert_eq!(page["PipelineSummaries"], json!([]));
        page["NextToken"].as_str().unwrap().to_owned()
    };
    let same = Fault::new(FaultKind::EndlessPagesSameToken);
    world.emulator.order(same);
    assert_eq!(page("a"), page("b"));
    world.emulator.clear_faults();
    let new = Fault::new(FaultKind::EndlessPagesNewTokens);
    world.emulator.order(new);
    assert_ne!(page("a"), page("a"));
    let described = world
        .client
        .call("DescribePipeline", json!({"PipelineName": "One"}));
    described.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_pipelines_definition_can_be_kept_back_or_replaced() {
    let world = World::new().await;
    let describe = || {
        let request = json!({"PipelineName": "One"});
        world.client.call("DescribePipeline", request).ok()
    };
    let fault = Fault::new(FaultKind::NoDefinition).of_pipeline("One");
    world.emulator.order(fault.times(1));
    assert_eq!(describe().get("PipelineDefinition"), None);
    let fault = Fault::new(FaultKind::Definition("{".to_owned()));
    world.emulator.order(fault.times(1));
    assert_eq!(describe()["PipelineDefinition"], "{");
    assert!(
        describe()["PipelineDefinition"]
            .as_str()
            .unwrap()
            .contains("Only")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_beyond_the_rate_are_throttled() {
    let world = World::with(|builder| builder.requests_per_second(2)).await;
    let list = || world.client.call("ListPipelines", json!({}));
    list().ok();
    list().ok();
    assert_eq!(list().code(), "ThrottlingException");
    world.clock.advance(Duration::from_secs(1));
    list().ok();
}
