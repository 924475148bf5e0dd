//! The contract in Rust: the types, imports and exported interface of the WIT world `plugin`.
//!
//! `wit-bindgen` generates all of it from `wit/`, whose comments are the documentation. The types
//! work natively too; the imported functions exist only in a component, so call them through
//! [`Host`](crate::Host).

pub use self::bindings::exports::polysync::job_type::job_type::Guest;
pub use self::bindings::polysync::job_type::types::{
    Attribute, AttributeDefinition, CancelOutcome, Cancellation, Connection, ConnectionReport,
    DeclaredParameter, Description, Direction, DiscoveredJob, DiscoveryPage, Error, ErrorClass,
    Finding, Job, Link, LogLine, LogPage, LogPosition, Need, Parameter, Run, RunState, RunStatus,
    Severity, StartedRun, Step, StepPage,
};
pub use self::bindings::polysync::job_type::{aws_signing, clock, http, log};

#[doc(hidden)]
#[allow(
    missing_docs,
    unsafe_code,
    reason = "generated; the documentation is in the WIT"
)]
pub mod bindings {
    wit_bindgen::generate!({
        world: "plugin",
        path: "../../wit/0.2.0",
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        default_bindings_module: "job_type_kit::contract::bindings",
    });
}
