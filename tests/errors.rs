//! Troubleshooting: each error has a class, the platform's message, a hint, and whether a retry can
//! help.

use crate::support::{ACCESS_KEY_ID, GUID, SECRET, Stage, job, refusal};
use polysync_host::contract::{Error, ErrorClass};
use sagemaker_emulator::{Credentials, Fault, FaultKind, Operation};

async fn start_refused_with(fault: FaultKind) -> Error {
    let stage = Stage::new().await;
    stage
        .emulator
        .inject(Fault::new(fault).on(Operation::StartPipelineExecution));
    refusal(stage.job_type().start(&job("one-step", &[]), GUID).await)
}

fn service_error(code: &str) -> FaultKind {
    FaultKind::Error {
        status: 400,
        code: code.to_owned(),
        message: "the platform's message".to_owned(),
    }
}

#[tokio::test]
async fn access_denied_on_start_names_the_permission_and_iam_pass_role() {
    let stage = Stage::new().await;
    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::StartPipelineExecution);
    stage.emulator.replace_credentials(vec![denied]);
    let error = refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "AccessDeniedException")
    );
    assert!(
        error.message.contains("is not authorized to perform"),
        "{}",
        error.message
    );
    assert!(
        error.hint.contains("sagemaker:StartPipelineExecution"),
        "{}",
        error.hint
    );
    assert!(error.hint.contains("iam:PassRole"), "{}", error.hint);
    assert!(error.request_id.is_some());
    assert!(!error.retryable);
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_refused_by_the_platform_with_a_hint_to_the_declared_type() {
    let stage = Stage::new().await;
    let job = job(
        "parameters-of-every-type",
        &[("InputDataUrl", "s3://b/k"), ("InstanceCount", "many")],
    );
    let error = refusal(stage.job_type().start(&job, GUID).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Invalid, "ValidationException")
    );
    assert!(
        error
            .hint
            .contains("doesn't match the type that the pipeline definition declares"),
        "{}",
        error.hint
    );
    assert_eq!(stage.emulator.executions_created(), 0);
}

#[tokio::test]
async fn an_exhausted_quota_points_to_service_quotas_and_is_not_retried() {
    let stage = Stage::new().await;
    stage
        .emulator
        .inject(Fault::new(service_error("ResourceLimitExceeded")));
    let error = refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
    assert_eq!((error.class, error.retryable), (ErrorClass::Limit, false));
    assert_eq!(error.message, "the platform's message");
    for text in [
        "concurrent executions, training jobs, endpoints",
        "AWS Service Quotas",
    ] {
        assert!(error.hint.contains(text), "{}", error.hint);
    }
    assert_eq!(stage.emulator.requests().len(), 1);
}

#[tokio::test]
async fn an_exhausted_quota_says_whether_waiting_can_help() {
    let message = |name, limit| {
        format!(
            "The account-level service limit '{name}' is {limit} Instances, with current utilization \
             of {limit} Instances and a request delta of 1 Instances. Please contact AWS support to \
             request an increase for this limit."
        )
    };
    let concurrent = "Number of concurrent pipeline executions";
    for (message, retryable, told) in [
        (message(concurrent, 200), true, "when other runs are over"),
        (message(concurrent, 0), false, "Waiting does not help"),
        (message("models", 500), false, "If it counts"),
    ] {
        let stage = Stage::new().await;
        let run = stage.start(&job("always-fails", &[])).await;
        stage.until_finished(&run).await;
        stage.emulator.inject(Fault::new(FaultKind::Error {
            status: 400,
            code: "ResourceLimitExceeded".to_owned(),
            message: message.clone(),
        }));
        let job_type = stage.job_type();
        for error in [
            refusal(job_type.start(&job("one-step", &[]), GUID).await),
            refusal(job_type.retry(&run, &[], GUID).await),
        ] {
            assert_eq!(
                (error.class, error.retryable, &error.message),
                (ErrorClass::Limit, retryable, &message)
            );
            assert!(error.hint.contains(told), "{}", error.hint);
            assert!(error.hint.contains("AWS Service Quotas"), "{}", error.hint);
        }
    }
}

#[tokio::test]
async fn a_pipeline_that_does_not_exist_is_not_found() {
    let stage = Stage::new().await;
    let error = refusal(
        stage
            .job_type()
            .start(&job("no-such-pipeline", &[]), GUID)
            .await,
    );
    assert_eq!(error.class, ErrorClass::NotFound);
    assert!(
        error.hint.contains("External Id") && error.hint.contains("region"),
        "{}",
        error.hint
    );
}

#[tokio::test]
async fn throttling_is_retryable() {
    for fault in [
        FaultKind::Throttling,
        FaultKind::TooManyRequests { retry_after: None },
    ] {
        let error = start_refused_with(fault).await;
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::Throttled, true)
        );
        assert!(!error.hint.is_empty());
    }
}

#[tokio::test]
async fn a_server_error_is_retryable() {
    for fault in [
        FaultKind::ServerErrorJson(500),
        FaultKind::ServerErrorHtml(502),
        FaultKind::ServerErrorHtml(503),
        FaultKind::DropBefore,
    ] {
        let error = start_refused_with(fault.clone()).await;
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::Unavailable, true),
            "{fault:?}"
        );
        assert!(!error.hint.is_empty());
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_parsed_names_the_operation() {
    let error = start_refused_with(FaultKind::Garbage).await;
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Other, "UnreadableResponse")
    );
    assert!(
        error.message.contains("StartPipelineExecution"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn expired_tokens_and_unknown_keys_are_denied_with_a_hint() {
    for code in [
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
    ] {
        let error = start_refused_with(service_error(code)).await;
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Denied, code)
        );
        assert!(!error.hint.is_empty(), "{code}");
    }
}

#[tokio::test]
async fn the_namespace_and_the_url_around_a_code_are_removed() {
    let error = start_refused_with(service_error(
        "com.amazonaws.sagemaker#ValidationException:http://internal.amazon.com/",
    ))
    .await;
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Invalid, "ValidationException")
    );
}
