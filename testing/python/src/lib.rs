//! A Python with boto3 and moto, as a virtual environment in the target folder: tests and the benchmark
//! compare the project with them.
//!
//! `cargo xtask setup` and `cargo xtask test` make it ([`set_up`]). Tests only use it, and are
//! skipped where it is missing.

use std::path::Path;

use test_support::skip;

mod environment;
mod set_up;

pub use environment::{Missing, Python, find, run};
pub use set_up::{SetUpError, set_up};

/// Finds the environment below `folder`; installs nothing.
///
/// Returns `None` where it is missing, and says on standard error that `what` is skipped and why.
///
/// # Errors
/// With `CI=true`, where the environment is missing.
pub fn with_requirements_or_skip(folder: &Path, what: &str) -> Result<Option<Python>, Missing> {
    match find(folder) {
        Err(missing) if !skip::is_forbidden() => {
            skip::announce(what, &missing.to_string());
            Ok(None)
        }
        found => found.map(Some),
    }
}
