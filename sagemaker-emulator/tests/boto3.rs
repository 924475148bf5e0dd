//! An ordinary AWS client, boto3, uses each operation. The checks are Python, in `tests/boto3/`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use sagemaker_emulator::{Emulator, Operation};
use serde::Deserialize;
use serde::de::IgnoredAny;

const CHECKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/boto3");
/// The script waits for executions by the machine's clock.
const SHORT: Duration = Duration::from_millis(50);

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
    let emulator = Emulator::builder()
        .step_duration(SHORT)
        .stop_duration(SHORT)
        .callback_stop_duration(SHORT)
        .start()
        .await
        .unwrap();

    // Nothing but this: neither the developer's AWS configuration nor a proxy.
    let (passed, output) = python_environment::run(
        python
            .command()
            .args(["-B", "-m", "unittest", "discover", "--verbose"])
            .current_dir(CHECKS)
            .env_clear()
            .env("HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("AWS_ENDPOINT_URL", emulator.url())
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "emulator")
            .env("AWS_SECRET_ACCESS_KEY", "emulator-secret"),
    )
    .unwrap();
    assert!(passed, "checks with boto3 failed:\n{output}");
    println!("{output}");

    let model: ApiModel =
        serde_json::from_str(include_str!("../model/service-model.json")).unwrap();
    for operation in model.operations.into_keys() {
        let requests = emulator.request_count(operation);
        assert!(requests > 0, "no check uses {operation}");
    }
}
