//! What people read. Everything here makes strings, with colours in them; [`crate::output`] takes
//! the colours out where they don't belong.

pub(crate) mod description;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod jobs;
pub(crate) mod status;
pub(crate) mod steps;
pub(crate) mod style;
pub(crate) mod text;
pub(crate) mod time;
