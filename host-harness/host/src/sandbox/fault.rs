//! How a plugin breaks in a call, and which error of the engine means what.

use std::sync::Arc;
use std::time::Duration;

use tracing::debug;
use wasmtime::Trap;

use crate::capabilities::http::TooManyRequests;
use crate::capabilities::log::LogCapability;
use crate::contract::ContractVersion;
use crate::contract::component::OtherTypes;
use crate::identity::PluginIdentity;
use crate::limits::Limits;
use crate::limits::memory::{MemoryLimiter, Refusal};
use crate::text;

/// A plugin broke in a call, or the host stopped it. The platform may have done what the call asked
/// for up to then.
#[derive(Debug, Clone, thiserror::Error)]
#[error("plugin {plugin} broke in `{function}`: {fault}")]
#[non_exhaustive]
pub struct CallError {
    /// The plugin that broke.
    pub plugin: Arc<PluginIdentity>,
    /// The function of the contract that was called, for example `start`.
    pub function: &'static str,
    /// How it broke.
    #[source]
    pub fault: CallFault,
}

/// How a plugin broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallFault {
    /// The call took longer than the limit.
    #[error(
        "it took longer than {} s; raise `Limits::call_timeout` if the platform needs so long",
        limit.as_secs_f64()
    )]
    Timeout {
        /// [`Limits::call_timeout`](crate::Limits::call_timeout).
        limit: Duration,
    },
    /// The call waited, and other calls held all places that it could have had. The plugin was not
    /// asked, and the platform neither. The same call may succeed later.
    #[error(
        "it was not called: all places that it may have were taken for {} s; raise \
         `Limits::concurrent_calls`, the shares of it or `Limits::wait_timeout`, or call less often",
        limit.as_secs_f64()
    )]
    NoPlace {
        /// [`Limits::wait_timeout`](crate::Limits::wait_timeout).
        limit: Duration,
    },
    /// The plugin needed more memory than the limit.
    #[error(
        "it ran out of memory at {limit} bytes; raise `Limits::memory_bytes` if the work is so large"
    )]
    OutOfMemory {
        /// [`Limits::memory_bytes`](crate::Limits::memory_bytes).
        limit: usize,
    },
    /// All calls of the host together needed more memory than the limit. Another call may have taken
    /// most of it; half of it is divided among the calls, so that each has a share of its own.
    #[error(
        "all calls together ran out of memory at {limit} bytes; \
         raise `Limits::total_memory_bytes` if the machine has more, or let fewer calls run at once"
    )]
    HostOutOfMemory {
        /// [`Limits::total_memory_bytes`](crate::Limits::total_memory_bytes).
        limit: usize,
    },
    /// The plugin's functions called each other too deeply for its stack.
    #[error(
        "its stack overflowed at {limit} bytes; raise `Limits::stack_bytes`, \
         or report endless recursion to the plugin's authors"
    )]
    StackOverflow {
        /// [`Limits::stack_bytes`](crate::Limits::stack_bytes).
        limit: usize,
    },
    /// The plugin sent more HTTP requests than the limit.
    #[error(
        "it made more than {limit} HTTP requests; \
         raise `Limits::requests_per_call` if the account is so large"
    )]
    TooManyRequests {
        /// [`Limits::requests_per_call`](crate::Limits::requests_per_call).
        limit: u32,
    },
    /// The plugin handed more bytes to the host at once than the limit.
    #[error(
        "it handed more than {limit} bytes to the host at once; \
         raise `Limits::transfer_bytes` if the work is so large"
    )]
    TooMuchData {
        /// [`Limits::transfer_bytes`](crate::Limits::transfer_bytes).
        limit: usize,
    },
    /// The plugin trapped; in most cases it panicked.
    #[error(
        "{trap}{}; report it to the plugin's authors",
        logged.as_ref().map(|line| format!(", after it logged `{line}`")).unwrap_or_default()
    )]
    Trap {
        /// The engine's message.
        trap: String,
        /// The last line of level `error` that the plugin logged in this call. Of a plugin that logs
        /// its panics, it is the panic's message.
        logged: Option<String>,
    },
    /// The types of the plugin's functions aren't those of the version of the contract that it is for. Such
    /// a plugin isn't loaded, so only its `describe` ends like this.
    #[error("its types aren't those of version {contract} of the contract: {difference}")]
    OtherTypes {
        /// The version of the contract.
        contract: ContractVersion,
        /// The engine's message.
        difference: String,
    },
    /// The plugin's answer holds something that the host sends back or passes on to the letter, and
    /// that can't be shown or is too long.
    #[error("its answer can't be used: {problem}; report it to the plugin's authors")]
    UnfitAnswer {
        /// What is wrong with which member of the answer.
        problem: String,
    },
    /// The host couldn't run the plugin, which isn't to blame.
    #[error("the host could not run it: {0}")]
    Host(String),
}

/// Ends the call of a plugin that computes past its deadline.
#[derive(Debug, thiserror::Error)]
#[error("the call's deadline has passed")]
pub(crate) struct DeadlinePassed;

impl CallFault {
    /// The fault that an error of the engine means.
    pub(crate) fn from_engine(
        error: &wasmtime::Error,
        memory: &MemoryLimiter,
        log: LogCapability,
        limits: &Limits,
    ) -> Self {
        let cause = text::escaped(&format!("{error:?}"), text::PARAGRAPH_BYTES).into_owned();
        debug!(error = cause, "the plugin broke");
        if error.is::<DeadlinePassed>() {
            return Self::Timeout {
                limit: limits.call_timeout,
            };
        }
        if let Some(OtherTypes {
            contract,
            difference,
        }) = error.downcast_ref()
        {
            return Self::OtherTypes {
                contract: *contract,
                difference: difference.clone(),
            };
        }
        if error.is::<TooManyRequests>() {
            return Self::TooManyRequests {
                limit: limits.requests_per_call,
            };
        }
        if error.downcast_ref() == Some(&Trap::StackOverflow) {
            return Self::StackOverflow {
                limit: limits.stack_bytes,
            };
        }
        let cause = error.root_cause().to_string();
        let cause = text::line(&cause, text::LINE_BYTES);
        // The engine has no type for this error that one could ask for.
        if cause.contains("fuel allocated for hostcalls has been exhausted") {
            return Self::TooMuchData {
                limit: limits.transfer_bytes,
            };
        }
        match memory.refusal() {
            Some(Refusal::Own) => Self::OutOfMemory {
                limit: limits.memory_bytes,
            },
            Some(Refusal::Shared) => Self::HostOutOfMemory {
                limit: limits.total_memory_bytes,
            },
            None => Self::Trap {
                trap: cause.trim_start_matches("wasm trap: ").to_owned(),
                logged: log.into_last_error(),
            },
        }
    }
}
