//! What all forms of reports have in common.

use crate::failure::Failure;
use crate::runs::event::Event;
use crate::runs::summary::Summary;

/// Reports what happens. Fails only if it can't write.
pub(crate) trait Reporter {
    fn report(&mut self, event: &Event) -> Result<(), Failure>;

    /// Shows the numbers as they are now, where they have a place of their own.
    fn show_numbers(&mut self, _: &Summary) {}
}

/// Whose events they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Of one run, with its steps.
    OneRun,
    /// Of many runs, with their numbers.
    ManyRuns(Naming),
}

/// What each line about many runs names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    Run,
    /// Where there are several job types.
    JobTypeAndRun,
}
