//! Durable runs: each is in a ledger before the platform is asked for it, and one loop takes it from
//! its start to its end.
//!
//! `run` is this loop over a ledger in memory with one run, `serve` the same loop over a ledger on
//! disk with many. They differ by [`policy::Policy`] alone: when a failure is tried again, when it
//! is given up, and whether steps are listed. What happens is an [`event::Event`].
//!
//! This folder knows nothing of the command line, of terminals or of how events are shown.

pub(crate) mod call;
pub(crate) mod changes;
pub(crate) mod counts;
pub(crate) mod end;
pub(crate) mod ending;
pub(crate) mod event;
#[cfg(test)]
mod gate;
pub(crate) mod job;
pub(crate) mod ledger;
pub(crate) mod ledger_error;
pub(crate) mod log;
pub(crate) mod pages;
pub(crate) mod policy;
pub(crate) mod poll;
pub(crate) mod polls;
pub(crate) mod reason;
pub(crate) mod record;
pub(crate) mod runner;
pub(crate) mod state;
pub(crate) mod step_logs;
pub(crate) mod steps;
pub(crate) mod summary;
pub(crate) mod uncertain;
pub(crate) mod wish;
