//! The components that tests run. The build script builds them before any test starts. A new
//! component needs a build there and a function here.

use std::path::Path;

pub use released_components::{Released, released};

pub mod contract;
pub mod text;

/// The SageMaker Pipeline job type, as it is shipped.
pub fn sagemaker_pipeline() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline.wasm"))
}

/// The same job type as version 0.2.0, for tests that swap it in.
pub fn sagemaker_pipeline_next() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/sagemaker-pipeline-next.wasm"))
}

/// What a new job type begins from, with the id `new-job-type`.
pub fn new_job_type() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/new-job-type.wasm"))
}

/// The AWS Glue Job job type, the second one on the kits.
pub fn glue_job() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/glue-job.wasm"))
}

/// A job type that misbehaves on command.
pub fn misbehaving() -> &'static Path {
    Path::new(concat!(env!("OUT_DIR"), "/misbehaving.wasm"))
}
