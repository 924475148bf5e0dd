//! What the emulator was told when it was built.

use crate::arn::Place;
use crate::store::TokenRepeat;
use crate::timeline::Timing;

/// What stays the same while the emulator runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) place: Place,
    pub(crate) timing: Timing,
    pub(crate) token_repeat: TokenRepeat,
    pub(crate) requests_per_second: Option<u32>,
}

impl Settings {
    /// The role that pipelines have which were given without one.
    pub(crate) fn default_role(&self) -> String {
        self.place.role("sagemaker-pipeline-execution")
    }
}
