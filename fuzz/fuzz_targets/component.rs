//! The whole component in its host, with an adversarial HTTP capability.
#![no_main]

use adversary::Component;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;
use tokio::runtime::Runtime;

/// What `cargo xtask component` builds.
const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../target/component/sagemaker-pipeline.wasm"
);

static STAGE: LazyLock<(Runtime, Component)> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let component = runtime
        .block_on(Component::load(Path::new(FILE)))
        .expect("the component: build it with `cargo xtask component`");
    (runtime, component)
});

fuzz_target!(|bytes: &[u8]| {
    let (runtime, component) = &*STAGE;
    runtime.block_on(component.call(bytes));
});
