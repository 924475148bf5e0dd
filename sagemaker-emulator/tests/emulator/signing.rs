//! The signatures, clocks, session tokens and permissions of callers.

use std::time::Duration;

use sagemaker_emulator::{Clock, Credentials, Operation};
use serde_json::json;

use crate::client::Stage;

const LIST: &str = "ListPipelines";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_request_without_signature_is_refused_with_403() {
    let stage = Stage::new().await;
    let answer = stage.client.send("POST", "/", &[], "{}");
    assert_eq!(answer.status, Some(403));
    assert_eq!(answer.code(), "MissingAuthenticationTokenException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_unknown_key_is_refused() {
    let stage = Stage::new().await;
    let mut client = stage.client.clone();
    client.access_key_id = "AKIDOTHER".to_owned();
    let answer = client.call(LIST, json!({}));
    assert_eq!(answer.code(), "UnrecognizedClientException");
    assert_eq!(
        answer.message(),
        "The security token included in the request is invalid."
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_wrong_secret_is_refused() {
    let stage = Stage::new().await;
    let mut client = stage.client.clone();
    client.secret_access_key = "other".to_owned();
    let answer = client.call(LIST, json!({}));
    assert_eq!(answer.code(), "InvalidSignatureException");
    assert!(answer.message().contains("does not match"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_was_changed_after_signing_is_refused() {
    let stage = Stage::new().await;
    let headers = stage.client.signed_headers(LIST, "{}");
    let answer = stage
        .client
        .send("POST", "/", &headers, r#"{"MaxResults":1}"#);
    assert_eq!(answer.code(), "InvalidSignatureException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_target_that_was_changed_or_is_not_signed_is_refused() {
    let stage = Stage::new().await;
    let mut headers = stage.client.signed_headers(LIST, "{}");
    for (name, value) in &mut headers {
        if name == "x-amz-target" {
            *value = "SageMaker.StartPipelineExecution".to_owned();
        }
    }
    let answer = stage.client.send("POST", "/", &headers, "{}");
    assert_eq!(answer.code(), "InvalidSignatureException");

    let mut headers = stage.client.signed_headers(LIST, "{}");
    for (name, value) in &mut headers {
        if name == "authorization" {
            *value = value.replace(";x-amz-target", "");
        }
    }
    let answer = stage.client.send("POST", "/", &headers, "{}");
    assert!(answer.message().contains("'x-amz-target' must be"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_clock_may_be_off_by_five_minutes_at_most() {
    let stage = Stage::new().await;
    let called_at = |skew| {
        let mut client = stage.client.clone();
        client.skew = skew;
        client.call(LIST, json!({}))
    };
    called_at(-299).ok();
    called_at(299).ok();
    let late = called_at(-302);
    assert_eq!(late.code(), "InvalidSignatureException");
    assert!(late.message().starts_with("Signature expired: "));
    assert!(late.message().ends_with("- 5 min.)"));
    let early = called_at(302);
    assert_eq!(early.code(), "InvalidSignatureException");
    assert!(early.message().starts_with("Signature not yet current: "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_answer_has_the_date_of_the_emulators_clock() {
    let stage = Stage::new().await;
    let answer = stage.client.call(LIST, json!({}));
    let date = httpdate::parse_http_date(answer.header("date").unwrap()).unwrap();
    assert_eq!(date + Duration::from_millis(250), stage.clock.now());
    assert!(answer.header("x-amzn-requestid").is_some());
    assert_eq!(
        answer.header("content-type"),
        Some("application/x-amz-json-1.1")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_signature_for_another_region_or_service_is_refused() {
    let stage = Stage::new().await;
    let mut client = stage.client.clone();
    client.region = "eu-west-1".to_owned();
    let answer = client.call(LIST, json!({}));
    assert_eq!(answer.code(), "InvalidSignatureException");
    assert!(answer.message().contains("scoped to a valid region"));

    let mut client = stage.client.clone();
    client.service = "s3".to_owned();
    let answer = client.call(LIST, json!({}));
    assert!(answer.message().contains("correct service: 'sagemaker'"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn temporary_credentials_need_their_token_and_expire() {
    let stage = Stage::new().await;
    let temporary = Credentials::new("ASIAEXAMPLE", "secret")
        .session_token("session")
        .expires(stage.clock.now() + Duration::from_secs(60));
    stage.emulator.replace_credentials(vec![temporary]);
    let mut client = stage.client.clone();
    client.access_key_id = "ASIAEXAMPLE".to_owned();
    client.secret_access_key = "secret".to_owned();
    let answer = client.call(LIST, json!({}));
    assert_eq!(answer.code(), "UnrecognizedClientException");

    client.session_token = Some("session".to_owned());
    client.call(LIST, json!({})).ok();
    stage.clock.advance(Duration::from_secs(60));
    let answer = client.call(LIST, json!({}));
    assert_eq!(answer.code(), "ExpiredTokenException");
    assert_eq!(
        answer.message(),
        "The security token included in the request is expired"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_denied_operation_is_refused_and_the_others_are_not() {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret")
        .user("reader")
        .denied(Operation::StartPipelineExecution);
    let stage = Stage::with(|builder| builder.credentials(credentials)).await;
    let mut client = stage.client.clone();
    client.access_key_id = "AKIDEXAMPLE".to_owned();
    client.secret_access_key = "secret".to_owned();
    client.call(LIST, json!({})).ok();
    let answer = client.call("StartPipelineExecution", json!({"PipelineName": "One"}));
    assert_eq!(answer.code(), "AccessDeniedException");
    assert!(answer.message().starts_with(
        "User: arn:aws:iam::123456789012:user/reader is not authorized to perform: \
         sagemaker:StartPipelineExecution on resource: \
         arn:aws:sagemaker:us-east-1:123456789012:pipeline/one"
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_broken_authorization_header_is_refused() {
    let stage = Stage::new().await;
    for broken in [
        "Basic abc",
        "AWS4-HMAC-SHA256 Credential=a/b/c",
        "AWS4-HMAC-SHA256",
    ] {
        let mut headers = stage.client.signed_headers(LIST, "{}");
        headers.retain(|(name, _)| name != "authorization");
        headers.push(("authorization".to_owned(), broken.to_owned()));
        let answer = stage.client.send("POST", "/", &headers, "{}");
        assert_eq!(answer.code(), "IncompleteSignatureException", "{broken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_operation_that_is_not_emulated_is_unknown() {
    let stage = Stage::new().await;
    let answer = stage.client.call("DeletePipeline", json!({}));
    assert_eq!(answer.code(), "UnknownOperationException");
}
