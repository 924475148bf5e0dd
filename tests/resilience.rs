//! Retries, as in the standard mode of the AWS SDKs, by the host's clock.

use crate::support::{GUID, Stage, answer, credentials, job, refusal};
use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::future::ProvideCredentials as Future;
use polysync_host::contract::ErrorClass;
use sagemaker_emulator::{Clock, Credentials, Fault, FaultKind, Operation};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn transient_faults() -> [FaultKind; 8] {
    [
        FaultKind::Throttling,
        FaultKind::TooManyRequests { retry_after: None },
        FaultKind::ServerErrorJson(500),
        FaultKind::ServerErrorHtml(502),
        FaultKind::ServerErrorHtml(504),
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::TruncatedBody,
    ]
}

#[tokio::test]
async fn throttling_and_transient_failures_are_attempted_three_times() {
    for fault in transient_faults() {
        let stage = Stage::new().await;
        stage.emulator.inject(Fault::new(fault.clone()).times(2));
        answer(stage.job_type().start(&job("one-step", &[]), GUID).await);
        assert_eq!(stage.emulator.requests().len(), 3, "{fault:?}");
        assert_eq!(stage.emulator.executions_created(), 1, "{fault:?}");

        let stage = Stage::new().await;
        stage.emulator.inject(Fault::new(fault.clone()));
        refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
        assert_eq!(stage.emulator.requests().len(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn each_attempt_has_a_new_signature() {
    let stage = Stage::new().await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::Throttling).times(2));
    answer(stage.job_type().test_connection().await);
    let requests = stage.requests(Operation::ListPipelines);
    let dates: Vec<_> = requests.iter().map(|r| r.header("x-amz-date")).collect();
    assert_eq!(
        dates,
        [
            Some("20261101T120000Z"),
            Some("20261101T120001Z"),
            Some("20261101T120003Z")
        ]
    );
}

#[tokio::test]
async fn the_delay_that_the_platform_asks_for_is_respected() {
    let stage = Stage::new().await;
    let fault = FaultKind::TooManyRequests {
        retry_after: Some(7_000),
    };
    stage.emulator.inject(Fault::new(fault).times(1));
    let before = stage.clock.now();
    answer(stage.job_type().test_connection().await);
    assert_eq!(
        stage.clock.now().duration_since(before).unwrap(),
        Duration::from_secs(7)
    );
}

#[tokio::test]
async fn no_attempt_is_made_after_the_deadline_of_the_call() {
    let stage = Stage::new().await;
    let fault = FaultKind::TooManyRequests {
        retry_after: Some(3_600_000),
    };
    stage.emulator.inject(Fault::new(fault));
    let error = refusal(stage.job_type().test_connection().await);
    assert_eq!(error.class, ErrorClass::Throttled);
    assert_eq!(stage.emulator.requests().len(), 1);
}

#[tokio::test]
async fn other_errors_are_not_retried() {
    for code in [
        "ValidationException",
        "AccessDeniedException",
        "ConflictException",
        "ResourceLimitExceeded",
    ] {
        let stage = Stage::new().await;
        let fault = FaultKind::Error {
            status: 400,
            code: code.to_owned(),
            message: String::new(),
        };
        stage.emulator.inject(Fault::new(fault));
        refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
        assert_eq!(stage.emulator.requests().len(), 1, "{code}");
    }
}

/// Provides another access key each time.
#[derive(Debug, Default)]
struct Rotating(AtomicUsize);

impl ProvideCredentials for Rotating {
    fn provide_credentials<'a>(&'a self) -> Future<'a>
    where
        Self: 'a,
    {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        let key = format!("ASIAROTATION{n}");
        Future::ready(Ok(AwsCredentials::new(
            key,
            "s",
            Some(format!("t{n}")),
            None,
            "test",
        )))
    }
}

#[tokio::test]
async fn a_request_with_an_expired_token_is_retried_once_with_fresh_credentials() {
    let stage = Stage::new().await;
    let expired = Credentials::new("ASIAROTATION0", "s")
        .session_token("t0")
        .expires(stage.clock.now());
    let fresh = Credentials::new("ASIAROTATION1", "s").session_token("t1");
    stage.emulator.replace_credentials(vec![expired, fresh]);
    let job_type = stage.job_type_with(&stage.plugin, stage.connection(), Rotating::default());
    answer(job_type.start(&job("one-step", &[]), GUID).await);
    let tokens: Vec<_> = stage
        .requests(Operation::StartPipelineExecution)
        .iter()
        .map(|r| r.header("x-amz-security-token").unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["t0", "t1"]);
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_token_that_stays_expired_is_retried_only_once() {
    let stage = Stage::new().await;
    stage.emulator.inject(Fault::new(FaultKind::ExpiredToken));
    let error = refusal(stage.job_type().start(&job("one-step", &[]), GUID).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "ExpiredTokenException")
    );
    assert_eq!(stage.emulator.requests().len(), 2);
}

#[tokio::test]
async fn a_clock_that_is_hours_off_is_corrected_by_the_date_of_the_refusal() {
    let stage = Stage::new().await;
    let other = std::sync::Arc::new(sagemaker_emulator::ManualClock::new(
        stage.clock.now() - Duration::from_secs(5 * 60 * 60),
    ));
    let access = stage
        .access(stage.grants(), credentials())
        .with_clock(std::sync::Arc::new(crate::support::SharedClock(other)));
    let job_type = stage.plugin.for_connection(stage.connection(), access);
    answer(job_type.start(&job("one-step", &[]), GUID).await);
    assert_eq!(stage.emulator.requests().len(), 2);
    assert_eq!(stage.emulator.executions_created(), 1);
}
