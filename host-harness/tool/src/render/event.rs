//! What the words for events have in common. The words for the one run of `run` are in
//! [`one_run`](super::one_run), those for the many of `serve` in [`many_runs`](super::many_runs):
//! there, each line has to name its run.

use std::time::Duration;

use super::style::{self, paint};
use super::time;

/// What an event is in words, by where it goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Lines for stdout, each of which gets the time in front of it.
    Lines(Vec<String>),
    /// Text for stdout, without the time.
    Block(String),
    /// Text for stderr.
    Note(String),
}

impl Text {
    pub(crate) fn line(line: impl Into<String>) -> Self {
        Self::Lines(vec![line.into()])
    }

    pub(crate) fn none() -> Self {
        Self::Lines(Vec::new())
    }
}

/// `warning:` and what is to be warned of.
pub(crate) fn warning(text: impl std::fmt::Display) -> String {
    format!("{} {text}", paint(style::WARNING, "warning:"))
}

/// `; trying again in 10s`, or nothing.
pub(crate) fn retry(retry_in: Option<Duration>) -> String {
    match retry_in {
        Some(wait) => format!("; trying again in {}", time::duration(wait)),
        None => String::new(),
    }
}
