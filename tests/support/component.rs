//! Which component the tests run.

use std::env;
use std::path::PathBuf;

/// Names the released component that the tests run, by its version of the contract. Without it, they run
/// today's.
pub(crate) const RELEASED_VARIABLE: &str = "POLYSYNC_RELEASED_COMPONENT";

/// The component that the tests run.
pub(super) fn component() -> PathBuf {
    let Ok(contract) = env::var(RELEASED_VARIABLE) else {
        return test_components::sagemaker_pipeline().to_owned();
    };
    let released = test_components::released()
        .iter()
        .find(|released| released.contract == contract);
    let Some(released) = released else {
        panic!("{RELEASED_VARIABLE} names version {contract}, for which no component was released");
    };
    released.path()
}
