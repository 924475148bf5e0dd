//! From a file to a loaded plugin: read it, check it, compile it, and ask it what it is.

pub(crate) mod compiler;
mod complexity;
mod component_types;
pub(crate) mod conformance;
mod description;
pub(crate) mod error;
pub(crate) mod format;
mod function_body;
pub(crate) mod load;
mod meter;
pub(crate) mod plugin;
pub(crate) mod source;
mod totals;
mod unprivileged;
