//! Why a command didn't do what it was asked to do.

use std::io;

use polysync_host::{CallError, CallFault, contract};
use uuid::Uuid;

use crate::exit::Exit;

/// All ways to fail, kept apart as far as they are told differently.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The plugin, or the platform through it, says no.
    #[error("{}: {}", .0.code, .0.message)]
    Platform(Box<contract::Error>),
    /// The plugin gave no answer.
    #[error(transparent)]
    Plugin(#[from] CallError),
    /// A start or retry failed, and nobody knows what the platform did of it.
    #[error("{failure}")]
    InDoubt { failure: Box<Failure>, guid: Uuid },
    /// The job was checked and has errors; nothing was started.
    #[error("the job isn't right; nothing was started")]
    InvalidJob(Vec<contract::Finding>),
    /// The command line doesn't fit the plugin.
    #[error("{0}")]
    Usage(String),
    /// Anything about files, configuration or the surroundings.
    #[error("{0:#}")]
    Tool(#[from] anyhow::Error),
    /// Nobody reads what the tool writes. There is no one to tell.
    #[error("stdout was closed")]
    StdoutClosed,
}

impl Failure {
    /// Whether the same may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::Platform(error) => error.retryable,
            Self::Plugin(error) => matches!(error.fault, CallFault::Timeout { .. }),
            Self::InDoubt { failure, .. } => failure.is_retryable(),
            Self::InvalidJob(_) | Self::Usage(_) | Self::Tool(_) | Self::StdoutClosed => false,
        }
    }

    /// Whether it is the platform's no, in words that don't name the plugin.
    pub(crate) fn is_of_the_platform(&self) -> bool {
        match self {
            Self::Platform(_) => true,
            Self::InDoubt { failure, .. } => failure.is_of_the_platform(),
            _ => false,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            _ => Exit::Error,
        }
    }

    /// For a failed start or retry: in doubt if the platform may have done it all the same.
    pub(crate) fn of_start(self, guid: Uuid) -> Self {
        if self.is_retryable() || matches!(self, Self::Plugin(_)) {
            Self::InDoubt {
                failure: Box::new(self),
                guid,
            }
        } else {
            self
        }
    }

    /// For a failed write to stdout.
    pub(crate) fn of_stdout(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::StdoutClosed,
            _ => Self::Tool(anyhow::Error::new(error).context("cannot write to stdout")),
        }
    }
}

impl From<contract::Error> for Failure {
    fn from(error: contract::Error) -> Self {
        Self::Platform(Box::new(error))
    }
}

/// The two ways in which a call fails, as one.
pub(crate) fn flatten<T>(
    answer: Result<Result<T, contract::Error>, CallError>,
) -> Result<T, Failure> {
    Ok(answer??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_stdout_is_told_from_a_full_disk() {
        assert!(matches!(
            Failure::of_stdout(io::ErrorKind::BrokenPipe.into()),
            Failure::StdoutClosed
        ));
        let full = Failure::of_stdout(io::ErrorKind::StorageFull.into());
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
