//! A local emulator of the pipeline operations of Amazon SageMaker.
//!
//! It speaks AWS JSON 1.1 over HTTP on the loopback interface, checks signatures and the API
//! model's constraints, and moves executions through their steps by a clock that tests can own.
//! Faults can be ordered, and everything received can be looked at.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::{Duration, SystemTime};
//!
//! use sagemaker_emulator::{Credentials, Emulator, Fault, FaultKind, ManualClock, Operation};
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
//!     .start()
//!     .await?;
//! let throttled = Fault::new(FaultKind::Throttling);
//! emulator.order(throttled.on(Operation::StartPipelineExecution).times(2));
//! // … point a client at `emulator.url()` …
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(emulator.executions_created_of("empty"), 0);
//! assert_eq!(emulator.request_count(Operation::StartPipelineExecution), 0);
//! # Ok(())
//! # }
//! ```

mod admin;
mod arn;
mod builder;
mod clock;
mod condition;
mod credentials;
mod definition;
mod emulator;
mod errors;
mod expression;
mod fault;
mod metadata;
mod model;
mod operation;
mod operations;
mod orders;
mod paging;
mod pipeline;
mod plan;
mod rate_limit;
mod record;
mod reply;
mod server;
mod service;
mod settings;
mod shared;
mod shipped;
mod sigv4;
mod status;
mod store;
mod timeline;

pub use builder::Builder;
pub use clock::{Clock, ManualClock, SystemClock};
pub use credentials::Credentials;
pub use emulator::Emulator;
pub use errors::StartError;
pub use expression::Scalar;
pub use fault::{Fault, FaultKind};
pub use model::Model;
pub use operation::{Operation, UnknownOperation};
pub use pipeline::Pipeline;
pub use record::RecordedRequest;
pub use status::ExecutionStatus;
pub use store::{TokenRepeat, UnknownExecution};
pub use timeline::StepFailure;
