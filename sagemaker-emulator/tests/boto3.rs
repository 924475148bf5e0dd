//! boto3, an AWS client that isn't ours, can use every operation. The checks are in Python, in
//! `tests/boto3/`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sagemaker_emulator::{Credentials, Emulator, Operation};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::process::Command;
use tokio::time::timeout;

const CHECKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/boto3");
/// The duration of a step: the checks wait for executions by the system's clock.
const SHORT: Duration = Duration::from_millis(50);
/// The checks take a few seconds.
const TIME_LIMIT: Duration = Duration::from_secs(300);

#[derive(Deserialize)]
struct ApiModel {
    operations: BTreeMap<Operation, IgnoredAny>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn boto3_can_use_every_operation() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let Some(python) = python_environment::with_requirements_or_skip(folder, "the test with boto3")
        .unwrap_or_else(|error| panic!("{error}"))
    else {
        return;
    };
    let denied = Credentials::new("denied", "denied-secret").denied(Operation::FilterLogEvents);
    let emulator = Emulator::builder()
        .step_duration(SHORT)
        .stop_duration(SHORT)
        .callback_stop_duration(SHORT)
        .credentials(Credentials::new("emulator", "emulator-secret"))
        .credentials(denied)
        .shipped_glue_jobs()
        .start()
        .await
        .unwrap();

    // Only these variables: neither the developer's AWS configuration nor a proxy.
    let mut checks = Command::from(python.command());
    checks
        .args(["-B", "-m", "unittest", "discover", "--verbose"])
        .current_dir(CHECKS)
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("AWS_ENDPOINT_URL", emulator.url())
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "emulator")
        .env("AWS_SECRET_ACCESS_KEY", "emulator-secret")
        .kill_on_drop(true);
    let output = timeout(TIME_LIMIT, checks.output())
        .await
        .unwrap_or_else(|_| panic!("the checks with boto3 take longer than {TIME_LIMIT:?}"))
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "checks with boto3 failed:\n{text}");
    println!("{text}");

    for model in [
        include_str!("../model/service-model.json"),
        include_str!("../model/glue-model.json"),
        include_str!("../model/logs-model.json"),
    ] {
        let model: ApiModel = serde_json::from_str(model).unwrap();
        for operation in model.operations.into_keys() {
            let requests = emulator.request_count(operation);
            assert!(requests > 0, "no check uses {operation}");
        }
    }
}
