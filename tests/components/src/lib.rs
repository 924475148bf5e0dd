//! The components that tests run. Cargo has built each before a test starts: see `build.rs`,
//! where a further component gets its lines, as it gets its function here.

use std::path::Path;

/// The SageMaker Pipeline job type, as it is shipped.
pub fn sagemaker_pipeline() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline.wasm"))
}

/// The same in version 0.2.0: another build, to take the place of the first.
pub fn sagemaker_pipeline_next() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline-next.wasm"))
}
