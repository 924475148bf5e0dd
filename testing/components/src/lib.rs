//! The components that tests run. Cargo has built each of these files before a test starts: see
//! `build.rs`, where a further one gets its line, as it gets its function here.

use std::path::Path;

pub mod text;

/// The SageMaker Pipeline job type, as it is shipped.
pub fn sagemaker_pipeline() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline.wasm"))
}

/// The same in version 0.2.0: another build, to take the place of the first.
pub fn sagemaker_pipeline_next() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline-next.wasm"))
}

/// A job type that does what no plugin should, when it is told to.
pub fn misbehaving() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/misbehaving.wasm"))
}
