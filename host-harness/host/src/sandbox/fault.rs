//! How a plugin breaks in a call.

use std::sync::Arc;
use std::time::Duration;

use crate::identity::PluginIdentity;

/// A plugin broke in a call, or was stopped. Nothing is known of what the platform did meanwhile.
#[derive(Debug, thiserror::Error)]
#[error("plugin {plugin} broke in `{function}`: {fault}")]
#[non_exhaustive]
pub struct CallError {
    /// Which plugin.
    pub plugin: Arc<PluginIdentity>,
    /// The contract's function.
    pub function: &'static str,
    /// What happened.
    #[source]
    pub fault: CallFault,
}

/// How a plugin broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallFault {
    /// It ran or waited longer than a call may.
    #[error(
        "it took longer than {} s; raise `Limits::call_timeout` if the platform needs so long",
        limit.as_secs_f64()
    )]
    Timeout {
        /// [`Limits::call_timeout`](crate::Limits::call_timeout).
        limit: Duration,
    },
    /// It wanted more memory than it may have.
    #[error(
        "it ran out of memory at {limit} bytes; raise `Limits::memory_bytes` if the work is so large"
    )]
    OutOfMemory {
        /// [`Limits::memory_bytes`](crate::Limits::memory_bytes).
        limit: usize,
    },
    /// Its calls nest too deep.
    #[error(
        "its stack overflowed at {limit} bytes; raise `Limits::stack_bytes`, \
         or report endless recursion to the plugin's authors"
    )]
    StackOverflow {
        /// [`Limits::stack_bytes`](crate::Limits::stack_bytes).
        limit: usize,
    },
    /// It made more HTTP requests than a call may.
    #[error(
        "it made more than {limit} HTTP requests; \
         raise `Limits::requests_per_call` if the account is so large"
    )]
    TooManyRequests {
        /// [`Limits::requests_per_call`](crate::Limits::requests_per_call).
        limit: u32,
    },
    /// It handed more to the host at once than it may.
    #[error(
        "it handed more than {limit} bytes to the host at once; \
         raise `Limits::transfer_bytes` if the work is so large"
    )]
    TooMuchData {
        /// [`Limits::transfer_bytes`](crate::Limits::transfer_bytes).
        limit: usize,
    },
    /// It trapped: a panic, mostly.
    #[error(
        "{trap}{}; report it to the plugin's authors",
        logged.as_ref().map(|line| format!(", after it logged `{line}`")).unwrap_or_default()
    )]
    Trap {
        /// What the engine says.
        trap: String,
        /// The last line that the plugin logged as an error in this call: the text of its panic,
        /// if it is a plugin that logs it.
        logged: Option<String>,
    },
    /// The host failed, not the plugin.
    #[error("the host could not run it: {0}")]
    Host(String),
}
