//! What tests and `xtask` share: processes with a time limit, and tests that are skipped.

pub mod process;
pub mod skip;
