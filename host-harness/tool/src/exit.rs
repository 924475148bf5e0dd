//! The tool's exit codes: one for each way that a command can end. `--help` lists them
//! ([`crate::cli::help`]).

use std::process::ExitCode;

use crate::runs::ending::Ending;

/// How the tool ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The command did what it was asked to do; for `run`, the run succeeded.
    Success = 0,
    /// An error, or the outcome isn't known.
    Error = 1,
    /// A wrong command line. The same code as clap's.
    Usage = 2,
    /// The run failed.
    Failed = 3,
    /// The run was cancelled.
    Cancelled = 4,
    /// The run is over in a state that the plugin doesn't know, or whether it was started isn't known.
    Unknown = 5,
}

impl Exit {
    /// The number that the caller sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// For runs that ended like this: the worst of them decides.
    pub(crate) fn worst(endings: impl Iterator<Item = Ending>) -> Self {
        let badness = |exit: &Self| match exit {
            Self::Success => 0,
            Self::Cancelled => 1,
            Self::Unknown => 2,
            Self::Failed | Self::Error | Self::Usage => 3,
        };
        endings
            .map(Self::from)
            .max_by_key(badness)
            .unwrap_or(Self::Success)
    }
}

impl From<Ending> for Exit {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Success => Self::Success,
            Ending::Failed | Ending::Refused => Self::Failed,
            Ending::Cancelled | Ending::Withdrawn => Self::Cancelled,
            Ending::Unknown | Ending::Uncertain => Self::Unknown,
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
    use polysync_host::contract::RunState;

    use super::*;

    #[test]
    fn each_outcome_of_a_run_has_its_own_code() {
        let codes = [
            RunState::Success,
            RunState::Failed,
            RunState::Cancelled,
            RunState::Unknown,
        ]
        .map(|state| Exit::from(Ending::from(state)).code());

        assert_eq!(codes, [0, 3, 4, 5]);
    }

    #[test]
    fn the_worst_end_of_a_run_decides_for_many() {
        let mut endings = Vec::new();
        let mut worst_with = |ending| {
            endings.push(ending);
            Exit::worst(endings.iter().copied())
        };
        assert_eq!(Exit::worst([].into_iter()), Exit::Success);
        assert_eq!(worst_with(Ending::Success), Exit::Success);
        assert_eq!(worst_with(Ending::Withdrawn), Exit::Cancelled);
        assert_eq!(worst_with(Ending::Unknown), Exit::Unknown);
        assert_eq!(worst_with(Ending::Refused), Exit::Failed);
        assert_eq!(worst_with(Ending::Success), Exit::Failed);
    }
}
