//! The settings that stay the same while the emulator runs.

use crate::arn::Account;
use crate::execution::attempt::Timing;
use crate::store::tokens::TokenRepeat;

/// Set by the builder.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) account: Account,
    pub(crate) timing: Timing,
    pub(crate) token_repeat: TokenRepeat,
    pub(crate) requests_per_second: Option<u32>,
}

impl Settings {
    /// The role of pipelines that are given to the builder, which have none of their own.
    pub(crate) fn default_role(&self) -> String {
        self.account.role_arn("sagemaker-pipeline-execution")
    }
}
