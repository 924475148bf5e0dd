//! What the tool writes with `--json`: the contract's types in the JSON form that the library gives
//! them, and the documents and events that the tool makes of them. Their shapes are the tool's
//! interface: a change of a member is a breaking change.

pub(crate) mod description;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod event;
pub(crate) mod finding;
pub(crate) mod log;
pub(crate) mod need;
pub(crate) mod printable;
pub(crate) mod run;
pub(crate) mod statuses;
pub(crate) mod summary;

#[cfg(test)]
mod tests;
