//! What becomes of an execution: its plan, and its course in time.

pub(crate) mod action;
pub(crate) mod attempt;
pub(crate) mod items;
pub(crate) mod plan;
pub(crate) mod selection;
pub(crate) mod simulation;
pub(crate) mod timeline;

#[cfg(test)]
mod tests;
