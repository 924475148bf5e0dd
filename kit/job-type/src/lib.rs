//! The kit for authors of job types: the contract in Rust, and what every plugin needs beside it.
//!
//! A job type implements [`JobType`] on a type of its own and exports that type:
//!
//! ```
//! use job_type_kit::contract::{
//!     Connection, ConnectionReport, DeclaredParameter, Description, Error, Finding, Job, Need, Run,
//!     RunState, RunStatus, StartedRun,
//! };
//! use job_type_kit::{Context, Guid, JobType};
//!
//! /// Runs that succeed as soon as they start.
//! struct Instant;
//!
//! impl JobType for Instant {
//!     fn describe() -> Description {
//!         Description {
//!             id: "instant".to_owned(),
//!             name: "Instant".to_owned(),
//!             platform: "None".to_owned(),
//!             version: "0.1.0".to_owned(),
//!             external_id_label: "Name".to_owned(),
//!             job_attributes: Vec::new(),
//!             connection_attributes: Vec::new(),
//!             features: Vec::new(),
//!         }
//!     }
//!
//!     fn needs(_: &Connection) -> Vec<Need> {
//!         Vec::new()
//!     }
//!
//!     fn validate(_: &Connection, _: &Job, _: Option<&[DeclaredParameter]>) -> Vec<Finding> {
//!         Vec::new()
//!     }
//!
//!     fn test_connection(_: Context<'_>) -> Result<ConnectionReport, Error> {
//!         Ok(ConnectionReport { message: "It works.".to_owned(), details: Vec::new() })
//!     }
//!
//!     fn start(_: Context<'_>, _: &Job, guid: &Guid) -> Result<StartedRun, Error> {
//!         Ok(StartedRun { run_id: guid.as_str().to_owned(), details: Vec::new() })
//!     }
//!
//!     fn status(_: Context<'_>, _: &Run) -> Result<RunStatus, Error> {
//!         Ok(RunStatus {
//!             platform_status: "Done".to_owned(),
//!             finished: true,
//!             ..RunStatus::in_state(RunState::Success)
//!         })
//!     }
//! }
//!
//! job_type_kit::export!(Instant);
//! ```
//!
//! - [`contract`]: the types and imports of the WIT world `plugin`, as `wit-bindgen` generates them.
//! - [`Host`]: the four imports as one trait. [`Imports`] is the real host; the feature `testing`
//!   has a host for tests.
//! - [`JobType`] and [`export!`]: the exported interface. [`Context`] is what each call has. Functions that a platform may not offer
//!   have defaults.
//! - [`Findings`], [`FindingCode`], [`Cursor`], [`Guid`], [`DataType`]: values that most job types need.
//! - [`RunOfJob`]: a run id where the platform's own is unique only with the job's name.
//! - [`only_step`]: the step of a run on a platform without steps.
//! - [`limits`], [`inputs`], [`declared_parameters`], [`poll_after`]: what most job types check and
//!   decide.
//!
//! The kit does not depend on any platform. `kit/aws` adds what the job types of AWS have in common.

mod arena;
mod attributes;
mod cancellation;
mod context;
pub mod contract;
mod cursor;
mod data_type;
pub mod declared_parameters;
mod discovered_job;
mod error;
mod export;
mod features;
mod finding_code;
mod findings;
mod guid;
mod host;
mod http;
mod imports;
pub mod inputs;
mod iso_8601;
mod job_type;
pub mod limits;
pub mod only_step;
mod poll_after;
mod run_of_job;
mod status;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text;

#[doc(hidden)]
pub use arena::Arena;
pub use context::Context;
pub use cursor::Cursor;
pub use data_type::DataType;
#[doc(hidden)]
pub use export::Component;
pub use features::Feature;
pub use finding_code::{FindingCode, Problem};
pub use findings::Findings;
pub use guid::Guid;
pub use host::{Host, SigningCredentials};
pub use imports::Imports;
pub use iso_8601::iso_8601;
pub use job_type::JobType;
pub use poll_after::poll_after;
pub use run_of_job::{RunOfJob, jobs_of_several};
pub use text::{contains, cut, non_blank};
