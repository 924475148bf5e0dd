//! A panic is a bug of the library. It becomes an error, and no stack of the embedder's is unwound.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::errors::Failure;
use crate::status::PsStatus;

/// Runs a function of the library; a panic is a failure.
pub(crate) fn caught<T>(function: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What the function may have changed stays behind locks that are used although they are poisoned.
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|panic| Err(failure(&*panic)))
}

/// The failure for a panic.
pub(crate) fn failure(panic: &(dyn Any + Send)) -> Failure {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Failure::host(
        PsStatus::Panicked,
        "Panicked",
        format!(
            "the library panicked: {}",
            said.unwrap_or("it didn't say why")
        ),
        "It is a bug of the library; report it. The host goes on.",
    )
}

/// The failure for a task that ended without its result.
pub(crate) fn of_task(error: &tokio::task::JoinError) -> Failure {
    failure(&format!("a task of it ended: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_function_is_its_status_and_its_error() {
        let failure =
            caught(|| -> Result<(), Failure> { panic!("by a bug") }).expect_err("it panicked");
        assert_eq!(failure.status(), PsStatus::Panicked);
        let told = failure.to_json();
        assert!(
            told.contains("by a bug") && told.contains("report it"),
            "{told}"
        );
    }
}
