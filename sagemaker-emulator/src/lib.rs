//! A local emulator of the pipeline operations of Amazon SageMaker, of the operations of AWS Glue that
//! concern jobs and their runs, and of the operations of CloudWatch Logs that read what both write.
//!
//! It speaks AWS JSON 1.1 over HTTP on the loopback interface, checks signatures and the
//! constraints of the API models, and moves executions and runs by a clock that a test can control. Tests inject faults and read the requests that the emulator received.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::{Duration, SystemTime};
//!
//! use sagemaker_emulator::{
//!     Credentials, Emulator, Fault, FaultKind, GlueJob, ManualClock, Operation,
//! };
//!
//! # async fn example() -> Result<(), sagemaker_emulator::StartError> {
//! let clock = Arc::new(ManualClock::new(SystemTime::now()));
//! let emulator = Emulator::builder()
//!     .region("eu-west-1")
//!     .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
//!     .clock(Arc::clone(&clock))
//!     .step_duration(Duration::from_secs(60))
//!     .shipped_pipelines()
//!     .pipeline("empty", r#"{"Version": "2020-12-01", "Steps": []}"#)
//!     .glue_job(GlueJob::new("load").max_concurrent_runs(2))
//!     .start()
//!     .await?;
//! let throttled = Fault::new(FaultKind::Throttling);
//! emulator.inject(throttled.on(Operation::StartPipelineExecution).times(2));
//! // … point a client at `emulator.url()` …
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(emulator.executions_created_for("empty"), 0);
//! assert!(emulator.glue_runs_of("load").is_empty());
//! assert_eq!(emulator.request_count(Operation::StartPipelineExecution), 0);
//! # Ok(())
//! # }
//! ```

mod access;
mod api;
mod arn;
mod builder;
mod clock;
mod definition;
mod emulator;
mod execution;
mod fault;
mod glue;
mod http;
mod logs;
mod operations;
mod page_token;
mod pipeline;
mod request_log;
mod settings;
mod start_error;
mod state;
mod store;

pub use access::credentials::Credentials;
pub use api::model::Model;
pub use api::operation::{Operation, UnknownOperation};
pub use api::service::AwsService;
pub use api::status::ExecutionStatus;
pub use builder::Builder;
pub use clock::{Clock, ManualClock, SystemClock};
pub use definition::expression::Scalar;
pub use emulator::Emulator;
pub use execution::attempt::StepFailure;
pub use fault::{Fault, FaultKind};
pub use glue::job::GlueJob;
pub use pipeline::Pipeline;
pub use request_log::RecordedRequest;
pub use start_error::StartError;
pub use store::UnknownExecution;
pub use store::tokens::TokenRepeat;
