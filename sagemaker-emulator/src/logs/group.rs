//! The log groups that the account can have.

use std::fmt;

use super::glue_group::GlueGroup;
use super::step_group::StepGroup;

/// A log group, by what writes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogGroup<'a> {
    Steps(StepGroup<'a>),
    GlueRuns(GlueGroup<'a>),
}

impl<'a> LogGroup<'a> {
    pub(super) fn parse(name: &'a str) -> Option<Self> {
        let of_steps = StepGroup::parse(name).map(Self::Steps);
        of_steps.or_else(|| GlueGroup::parse(name).map(Self::GlueRuns))
    }
}

impl fmt::Display for LogGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(group) => group.fmt(f),
            Self::GlueRuns(group) => group.fmt(f),
        }
    }
}
