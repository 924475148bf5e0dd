//! The isolation of the guest: it can't send requests or sign without a grant, doesn't know the
//! secret, and loses only the present call when it breaks.

use crate::support::{SECRET, Stage, answer, credentials, load, refusal};
use polysync_host::contract::{Connection, ErrorClass};
use polysync_host::{CallFault, Grants, Limits};

#[tokio::test]
async fn an_endpoint_that_is_not_granted_is_denied_and_the_error_names_it() {
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
async fn signing_for_a_service_that_is_not_granted_is_denied() {
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
async fn the_secret_is_not_in_requests_or_debug_output() {
    let stage = Stage::new().await;
    answer(stage.job_type().test_connection().await);
    let requests = format!("{:?}", stage.emulator.requests());
    assert!(requests.contains("AWS4-HMAC-SHA256"));
    assert!(!requests.contains(SECRET));
    assert!(!format!("{:?}", stage.job_type()).contains(SECRET));
}

#[tokio::test]
async fn a_guest_that_runs_out_of_memory_fails_only_that_call() {
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
async fn an_endpoint_without_a_listener_is_unavailable() {
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
