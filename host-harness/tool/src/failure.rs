//! Why a command didn't do what it was asked to do.

use std::io;

use polysync_host::{CallError, contract};
use uuid::Uuid;

use crate::exit::Exit;
use crate::feature::Feature;
use crate::invocation::{self, Given};
use crate::runs::call::CallFailure;
use crate::runs::ledger_error::LedgerError;
use crate::runs::uncertain;
use crate::session::not_granted::NotGranted;

/// Why a command failed: a variant for each kind that is reported differently.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A call of the plugin has no result.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// A start or retry failed, and whether the platform did it all the same isn't known.
    #[error("{failure}")]
    InDoubt { failure: CallFailure, guid: Uuid },
    /// Whether a run was started isn't known, and starting it again may start a second one.
    #[error("{failure}")]
    Uncertain {
        failure: CallFailure,
        /// Commands for the user.
        advice: String,
    },
    /// The job was checked and has errors; nothing was started.
    #[error("the job isn't right; nothing was started")]
    InvalidJob(Vec<contract::Finding>),
    /// The command line doesn't fit the plugin.
    #[error("{0}")]
    Usage(String),
    /// The plugin asks for something that nobody has granted.
    #[error(transparent)]
    NotGranted(#[from] NotGranted),
    /// The ledger can't be opened or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Anything about files, configuration or the environment.
    #[error("{0:#}")]
    Tool(#[from] anyhow::Error),
    /// Nobody reads what the tool writes, so there is nobody to report to.
    #[error("stdout was closed")]
    StdoutClosed,
}

impl Failure {
    /// The call that has no result, where that is the failure.
    pub(crate) fn call(&self) -> Option<&CallFailure> {
        match self {
            Self::Call(failure)
            | Self::InDoubt { failure, .. }
            | Self::Uncertain { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// The platform's error, where that is the failure.
    pub(crate) fn platform_mut(&mut self) -> Option<&mut contract::Error> {
        match self {
            Self::Call(failure)
            | Self::InDoubt { failure, .. }
            | Self::Uncertain { failure, .. } => failure.platform_mut(),
            _ => None,
        }
    }

    /// The exit code of a command that ends with this failure.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::NotGranted(_) => Exit::Usage,
            _ => Exit::Error,
        }
    }

    /// For a failed start: in doubt if the platform may have done it all the same, and uncertain if the
    /// same GUID doesn't give the same run.
    pub(crate) fn from_start(given: Given<'_>, failure: CallFailure, guid: Uuid) -> Self {
        let is_idempotent = Feature::IdempotentStart.is_offered_by(given.description);
        if uncertain::is_uncertain(&failure, is_idempotent) {
            let advice = invocation::after_uncertain_start(given, &failure);
            return Self::Uncertain { failure, advice };
        }
        match is_idempotent {
            true => Self::from_repeatable(failure, guid),
            false => Self::Call(failure),
        }
    }

    /// For a failed call that the same GUID repeats: in doubt if the platform may have done it all the
    /// same.
    pub(crate) fn from_repeatable(failure: CallFailure, guid: Uuid) -> Self {
        if failure.is_retryable() || matches!(failure, CallFailure::Plugin(_)) {
            Self::InDoubt { failure, guid }
        } else {
            Self::Call(failure)
        }
    }

    /// For a failed write to stdout.
    pub(crate) fn from_stdout(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::StdoutClosed,
            _ => Self::Tool(anyhow::Error::new(error).context("cannot write to stdout")),
        }
    }
}

impl From<contract::Error> for Failure {
    fn from(error: contract::Error) -> Self {
        Self::Call(error.into())
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Call(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_stdout_is_not_taken_for_a_full_disk() {
        assert!(matches!(
            Failure::from_stdout(io::ErrorKind::BrokenPipe.into()),
            Failure::StdoutClosed
        ));
        let full = Failure::from_stdout(io::ErrorKind::StorageFull.into());
        assert!(
            full.to_string().starts_with("cannot write to stdout: "),
            "{full}"
        );
    }

    #[test]
    fn only_a_wrong_command_line_has_the_exit_code_for_usage() {
        assert_eq!(Failure::Usage(String::new()).exit(), Exit::Usage);
        assert_eq!(Failure::StdoutClosed.exit(), Exit::Error);
    }
}
