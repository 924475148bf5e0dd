//! The contract's enums as words, the same in JSON and in tables.
//!
//! `strum` and serde's derive would make these from the variants' names, but the enums are generated
//! in the host library, and a word that the tool prints is the tool's interface.

use polysync_host::contract::{CancelOutcome, ErrorClass, RunState, Severity};

pub(crate) fn state(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Success => "success",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
        RunState::Unknown => "unknown",
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

pub(crate) fn cancel_outcome(outcome: CancelOutcome) -> &'static str {
    match outcome {
        CancelOutcome::Requested => "requested",
        CancelOutcome::AlreadyStopping => "already-stopping",
        CancelOutcome::AlreadyFinished => "already-finished",
    }
}

pub(crate) fn error_class(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::Invalid => "invalid",
        ErrorClass::Denied => "denied",
        ErrorClass::NotFound => "not-found",
        ErrorClass::Conflict => "conflict",
        ErrorClass::Limit => "limit",
        ErrorClass::Throttled => "throttled",
        ErrorClass::Unavailable => "unavailable",
        ErrorClass::Unsupported => "unsupported",
        ErrorClass::Uncertain => "uncertain",
        ErrorClass::Other => "other",
    }
}

/// What to know about a record that was put aside.
pub(crate) const PUT_ASIDE: &str = "the record of this run can't be understood; it is kept aside in the \
     ledger, and the run isn't followed: look for it on the platform";
