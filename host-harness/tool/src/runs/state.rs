//! The state of a run in one word: in reports, and in the ledger's sums.

use super::ending::Ending;

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Accepted,
    Starting,
    Running,
    Retrying,
    Over(Ending),
}

impl State {
    const ALL: [Self; 11] = [
        Self::Accepted,
        Self::Starting,
        Self::Running,
        Self::Retrying,
        Self::Over(Ending::Success),
        Self::Over(Ending::Failed),
        Self::Over(Ending::Cancelled),
        Self::Over(Ending::Unknown),
        Self::Over(Ending::Refused),
        Self::Over(Ending::Uncertain),
        Self::Over(Ending::Withdrawn),
    ];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Retrying => "retrying",
            Self::Over(ending) => ending.word(),
        }
    }

    /// The state of a word; none if there is no such state.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_a_word_of_its_own() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.word()), Some(state));
        }
        assert_eq!(State::from_word("over"), None);
    }
}
