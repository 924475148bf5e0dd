//! The types of the contract's latest version. `wit/0.2.0/types.wit` says what each promises.
//!
//! They are written by hand and not generated, so that they can have a JSON form and documentation of
//! their own. The engine compares them with each component that it loads.

mod connection;
mod description;
mod error;
mod job;
mod run;
mod state;
mod step;

pub use connection::{Attribute, Connection, ConnectionReport, Need};
pub(crate) use description::IDEMPOTENT_START;
pub use description::{AttributeDefinition, Description};
pub use error::{Error, ErrorClass};
pub use job::{
    DeclaredParameter, Direction, DiscoveredJob, DiscoveryPage, Finding, Job, Parameter, Severity,
};
pub use run::{CancelOutcome, Cancellation, Run, RunStatus, StartedRun};
pub use state::RunState;
pub use step::{Link, LogLine, LogPage, LogPosition, Step, StepPage};
