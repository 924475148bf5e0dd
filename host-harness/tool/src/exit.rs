//! The tool's exit codes: one for each way that a command can end.

use std::process::ExitCode;

use polysync_host::contract::RunState;

/// The table in `--help`. A test keeps it and [`Exit`] together.
pub(crate) const HELP: &str = "\
Exit codes:
  0  Done; for `run`: the run succeeded
  1  An error, or `run` ended without knowing the outcome
  2  The command line is wrong
  3  `run`: the run failed
  4  `run`: the run was cancelled
  5  `run`: the run is over in a state that the plugin doesn't know";

/// How the tool ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The command did what it was asked to do; for `run`, the run succeeded.
    Success = 0,
    /// An error, or no outcome.
    Error = 1,
    /// A wrong command line. The same code as clap's.
    Usage = 2,
    /// The run failed.
    Failed = 3,
    /// The run was cancelled.
    Cancelled = 4,
    /// The run is over, and nobody can say how.
    Unknown = 5,
}

impl Exit {
    /// The number that the caller sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// For a run that is over.
    pub(crate) fn of_finished_run(state: RunState) -> Self {
        match state {
            RunState::Success => Self::Success,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
            RunState::Running | RunState::Unknown => Self::Unknown,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_of_a_run_has_its_own_code() {
        let codes = [
            RunState::Success,
            RunState::Failed,
            RunState::Cancelled,
            RunState::Unknown,
        ]
        .map(|state| Exit::of_finished_run(state).code());

        assert_eq!(codes, [0, 3, 4, 5]);
    }

    #[test]
    fn the_help_lists_every_code() {
        for exit in [
            Exit::Success,
            Exit::Error,
            Exit::Usage,
            Exit::Failed,
            Exit::Cancelled,
            Exit::Unknown,
        ] {
            assert!(HELP.contains(&format!("\n  {}  ", exit.code())), "{exit:?}");
        }
    }
}
