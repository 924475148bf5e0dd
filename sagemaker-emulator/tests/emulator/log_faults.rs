//! Signatures, permissions, faults and counts of the operations of CloudWatch Logs.

use sagemaker_emulator::{Credentials, Fault, FaultKind, Operation};
use serde_json::json;

use crate::client::{STEP, Stage, TOKEN};

const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
const OPERATIONS: [&str; 3] = ["DescribeLogStreams", "FilterLogEvents", "GetLogEvents"];

async fn stage_with_a_log() -> Stage {
    let stage = Stage::new().await;
    stage.start("One", TOKEN);
    stage.clock.advance(STEP);
    stage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_signature_has_to_be_for_the_service_of_the_operation() {
    let stage = stage_with_a_log().await;
    for operation in OPERATIONS {
        let mut client = stage.client.logs();
        client.service = "sagemaker".to_owned();
        let answer = client.call(operation, json!({"logGroupName": TRAINING}));
        assert_eq!(answer.code(), "InvalidSignatureException");
        assert!(answer.message().contains("correct service: 'logs'"));
    }
    let mut client = stage.client.clone();
    client.service = "logs".to_owned();
    let answer = client.call("ListPipelines", json!({}));
    assert!(answer.message().contains("correct service: 'sagemaker'"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_operation_of_the_other_service_is_unknown() {
    let stage = stage_with_a_log().await;
    let of_logs = stage
        .client
        .call("FilterLogEvents", json!({"logGroupName": TRAINING}));
    assert_eq!(of_logs.code(), "UnknownOperationException");
    let of_sagemaker = stage.client.logs().call("ListPipelines", json!({}));
    assert_eq!(of_sagemaker.code(), "UnknownOperationException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_denied_operation_is_refused_with_the_action_and_the_stream() {
    let stage = stage_with_a_log().await;
    let credentials = Credentials::new("emulator", "emulator-secret")
        .denied(Operation::FilterLogEvents)
        .denied(Operation::GetLogEvents);
    stage.emulator.replace_credentials(vec![credentials]);
    let logs = stage.client.logs();
    logs.call("DescribeLogStreams", json!({"logGroupName": TRAINING}))
        .ok();
    let answer = logs.call("FilterLogEvents", json!({"logGroupName": TRAINING}));
    assert_eq!(answer.code(), "AccessDeniedException");
    let arn = format!("arn:aws:logs:us-east-1:123456789012:log-group:{TRAINING}:log-stream:");
    assert_eq!(
        answer.message(),
        format!(
            "User: arn:aws:iam::123456789012:user/emulator is not authorized to perform: \
             logs:FilterLogEvents on resource: {arn} because no identity-based policy allows the \
             logs:FilterLogEvents action"
        )
    );
    let group = arn.replace(":log-stream:", "");
    let request = json!({"logGroupIdentifier": group, "logStreamName": "s"});
    let answer = logs.call("GetLogEvents", request);
    assert!(
        answer.message().contains(&format!(" {arn}s because")),
        "{}",
        answer.message()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn faults_apply_to_the_operations_of_logs() {
    let stage = stage_with_a_log().await;
    let request = json!({"logGroupName": TRAINING, "logStreamName": "s"});
    let answer_with = |kind: FaultKind, operation: &str| {
        let fault = Fault::new(kind).on(operation.parse().unwrap()).times(1);
        stage.emulator.inject(fault);
        stage.client.call("ListPipelines", json!({})).ok();
        stage.client.logs().call(operation, request.clone())
    };
    for operation in OPERATIONS {
        let throttled = answer_with(FaultKind::Throttling, operation);
        assert_eq!(throttled.code(), "ThrottlingException");
        let denied = answer_with(FaultKind::AccessDenied, operation);
        assert!(denied.message().contains(&format!(" logs:{operation} on")));
        let unavailable = answer_with(FaultKind::ServerErrorJson(503), operation);
        assert_eq!(unavailable.status, Some(503));
        assert_eq!(unavailable.code(), "ServiceUnavailableException");
        assert_eq!(answer_with(FaultKind::DropBefore, operation).status, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn endless_pages_have_the_members_of_each_operation() {
    let stage = stage_with_a_log().await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesNewTokens));
    let page = |operation: &str| {
        let request = json!({"logGroupName": TRAINING, "logStreamName": "s"});
        stage.client.logs().call(operation, request).ok()
    };
    let streams = page("DescribeLogStreams");
    assert_eq!(streams["logStreams"], json!([]));
    let events = page("FilterLogEvents");
    assert_eq!(events["events"], json!([]));
    assert_ne!(events["nextToken"], page("FilterLogEvents")["nextToken"]);
    let events = page("GetLogEvents");
    assert_eq!(events["events"], json!([]));
    let token = &events["nextForwardToken"];
    assert_ne!(*token, page("GetLogEvents")["nextForwardToken"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_of_both_services_are_limited_together() {
    let stage = Stage::with(|builder| builder.requests_per_second(2)).await;
    stage.client.call("ListPipelines", json!({})).ok();
    let request = json!({"logGroupName": TRAINING});
    let first = stage.client.logs().call("FilterLogEvents", request.clone());
    assert_eq!(first.code(), "ResourceNotFoundException");
    let second = stage.client.logs().call("FilterLogEvents", request);
    assert_eq!(second.code(), "ThrottlingException");
}
