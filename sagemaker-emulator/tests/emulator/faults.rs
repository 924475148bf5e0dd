//! Each fault that can be injected.

use std::time::Duration;

use sagemaker_emulator::{Fault, FaultKind, Operation};
use serde_json::json;

use crate::client::{Answer, Stage, TOKEN};

/// The answer to a request that a fault applies to.
async fn answer_with(kind: FaultKind) -> (Stage, Answer) {
    let stage = Stage::new().await;
    stage.emulator.inject(Fault::new(kind).times(1));
    let answer = stage.client.call("ListPipelines", json!({}));
    (stage, answer)
}

async fn refusal_with(kind: FaultKind) -> (Option<u16>, String) {
    let (stage, answer) = answer_with(kind).await;
    stage.client.call("ListPipelines", json!({})).ok();
    (answer.status, answer.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn each_error_has_its_status_and_code() {
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
        assert_eq!(refusal_with(kind).await, (Some(status), code.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn throttling_has_the_body_of_sagemaker() {
    let (_stage, answer) = answer_with(FaultKind::Throttling).await;
    assert_eq!(
        answer.json(),
        json!({"__type": "ThrottlingException", "message": "Rate exceeded"})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn too_many_requests_says_when_to_retry() {
    let kind = FaultKind::TooManyRequests {
        retry_after: Some(1500),
    };
    let (_stage, answer) = answer_with(kind).await;
    assert_eq!(answer.status, Some(429));
    assert_eq!(answer.header("x-amz-retry-after"), Some("1500"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_server_error_can_be_a_page_of_html() {
    let (_stage, answer) = answer_with(FaultKind::ServerErrorHtml(502)).await;
    assert_eq!(answer.status, Some(502));
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.body.starts_with("<html>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn garbage_is_a_success_that_is_not_json() {
    let (_stage, answer) = answer_with(FaultKind::Garbage).await;
    assert_eq!(answer.status, Some(200));
    assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_truncated_body_is_shorter_than_its_content_length() {
    let (_stage, answer) = answer_with(FaultKind::TruncatedBody).await;
    assert_eq!(answer.status, Some(200));
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(answer.body.len(), announced / 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_is_dropped_before_or_after_the_operation() {
    let stage = Stage::new().await;
    let start = |kind, token: &str| {
        stage.emulator.inject(Fault::new(kind).times(1));
        let request = json!({"PipelineName": "One", "ClientRequestToken": token});
        let answer = stage.client.call("StartPipelineExecution", request);
        assert_eq!(answer.status, None);
        assert_eq!(answer.body, "");
    };
    start(FaultKind::DropBefore, TOKEN);
    assert_eq!(stage.emulator.executions_created(), 0);
    start(FaultKind::DropAfter, TOKEN);
    assert_eq!(stage.emulator.executions_created(), 1);
    stage.start("One", TOKEN);
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_operation_with_latency_is_carried_out() {
    let (_stage, answer) = answer_with(FaultKind::Latency(1)).await;
    answer.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_fault_can_be_limited_to_an_operation_and_a_pipeline() {
    let stage = Stage::new().await;
    let fault = Fault::new(FaultKind::Throttling)
        .on(Operation::DescribePipelineExecution)
        .on_pipeline("Two");
    stage.emulator.inject(fault);
    let one = stage.start("One", TOKEN);
    let two = stage.start("Two", &TOKEN.replace('0', "x"));
    assert_eq!(stage.status(&one), "Executing");
    for _ in 0..3 {
        let request = json!({"PipelineExecutionArn": two});
        let answer = stage.client.call("DescribePipelineExecution", request);
        assert_eq!(answer.code(), "ThrottlingException");
    }
    stage.emulator.clear_faults();
    assert_eq!(stage.status(&two), "Executing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_listing_can_have_empty_pages_without_end() {
    let stage = Stage::new().await;
    let page = |token: &str| {
        let request = json!({"NextToken": token});
        let page = stage.client.call("ListPipelines", request).ok();
        assert_eq!(page["PipelineSummaries"], json!([]));
        page["NextToken"].as_str().unwrap().to_owned()
    };
    let same = Fault::new(FaultKind::EndlessPagesSameToken);
    stage.emulator.inject(same);
    assert_eq!(page("a"), page("b"));
    stage.emulator.clear_faults();
    let new = Fault::new(FaultKind::EndlessPagesNewTokens);
    stage.emulator.inject(new);
    assert_ne!(page("a"), page("a"));
    let described = stage
        .client
        .call("DescribePipeline", json!({"PipelineName": "One"}));
    described.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_definition_of_a_pipeline_can_be_omitted_or_replaced() {
    let stage = Stage::new().await;
    let describe = || {
        let request = json!({"PipelineName": "One"});
        stage.client.call("DescribePipeline", request).ok()
    };
    let fault = Fault::new(FaultKind::NoDefinition).on_pipeline("One");
    stage.emulator.inject(fault.times(1));
    assert_eq!(describe().get("PipelineDefinition"), None);
    let fault = Fault::new(FaultKind::Definition("{".to_owned()));
    stage.emulator.inject(fault.times(1));
    assert_eq!(describe()["PipelineDefinition"], "{");
    assert!(
        describe()["PipelineDefinition"]
            .as_str()
            .unwrap()
            .contains("Only")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_above_the_rate_limit_are_throttled() {
    let stage = Stage::with(|builder| builder.requests_per_second(2)).await;
    let list = || stage.client.call("ListPipelines", json!({}));
    list().ok();
    list().ok();
    assert_eq!(list().code(), "ThrottlingException");
    stage.clock.advance(Duration::from_secs(1));
    list().ok();
}
