//! From a file to a loaded plugin: read it, check it, compile it, and ask it what it is.

pub(crate) mod conformance;
pub(crate) mod error;
pub(crate) mod format;
pub(crate) mod load;
pub(crate) mod plugin;
pub(crate) mod source;
