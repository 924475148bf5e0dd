//! Text for people. Everything here makes strings with colours; [`crate::output`] takes the colours
//! out where there is no terminal.

pub(crate) mod description;
pub(crate) mod errors;
pub(crate) mod event;
pub(crate) mod fields;
pub(crate) mod jobs;
pub(crate) mod log;
pub(crate) mod many_runs;
pub(crate) mod needs;
pub(crate) mod one_run;
pub(crate) mod status;
pub(crate) mod statuses;
pub(crate) mod steps;
pub(crate) mod style;
pub(crate) mod summary;
pub(crate) mod text;
pub(crate) mod time;
