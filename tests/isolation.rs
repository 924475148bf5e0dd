//! What the guest can't do: reach what wasn't granted, sign for what wasn't granted, learn the
//! secret; and what a broken plugin costs: its call, nothing else.

use crate::support::{SECRET, Stage, answer, credentials, load, refusal};
use polysync_host::contract::{Connection, ErrorClass};
use polysync_host::{CallFault, Grants, Limits};

#[tokio::test]
async fn an_endpoint_that_was_not_granted_is_denied_with_the_grant_it_would_take() {
    let stage = Stage::new().await;
    let grants = Grants::none().allow_signing("sagemaker").unwrap();
    let job_type = stage
        .plugin
        .for_connection(stage.connection(), stage.access(grants, credentials()));
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "RequestNotGranted")
    );
    assert!(
        error.message.contains(&stage.emulator.url()),
        "{}",
        error.message
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_service_that_was_not_granted_cannot_be_signed_for() {
    let stage = Stage::new().await;
    let grants = Grants::none().allow_http(stage.emulator.url().parse().unwrap());
    let job_type = stage
        .plugin
        .for_connection(stage.connection(), stage.access(grants, credentials()));
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "SigningNotGranted")
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[tokio::test]
async fn the_secret_never_stands_in_a_request_or_an_error() {
    let stage = Stage::new().await;
    answer(stage.job_type().test_connection().await);
    let requests = format!("{:?}", stage.emulator.requests());
    assert!(requests.contains("AWS4-HMAC-SHA256"));
    assert!(!requests.contains(SECRET));
    assert!(!format!("{:?}", stage.job_type()).contains(SECRET));
}

#[tokio::test]
async fn a_guest_that_runs_out_of_memory_ends_that_call_alone() {
    let blanks = " ".repeat(1 << 20);
    let definition = format!(
        r#"{{"Version": "2020-12-01", "Steps": []}}{}"#,
        &blanks[200..]
    );
    let stage = Stage::with(|emulator| {
        (0..20).fold(emulator, |e, i| {
            e.pipeline(format!("a{i}"), definition.as_str())
        })
    })
    .await;
    let plugin = load(Limits {
        memory_bytes: 4 << 20,
        ..Limits::recommended()
    })
    .await;
    let job_type = stage.job_type_with(&plugin, stage.connection(), credentials());
    let error = job_type.discover(None).await.unwrap_err();
    assert!(
        matches!(
            error.fault,
            CallFault::OutOfMemory { .. } | CallFault::Trap { .. }
        ),
        "{error}"
    );
    answer(job_type.test_connection().await);
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_at_is_unavailable() {
    let stage = Stage::new().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let grants = stage.grants().allow_http(url.parse().unwrap());
    let connection = Connection {
        endpoint: Some(url),
        ..stage.connection()
    };
    let job_type = stage
        .plugin
        .for_connection(connection, stage.access(grants, credentials()));
    let error = refusal(job_type.test_connection().await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Unavailable, "ConnectionFailed")
    );
    assert!(error.retryable);
}
