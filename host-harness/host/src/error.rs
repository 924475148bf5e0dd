//! What can go wrong in the host, apart from a platform saying no.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::digest::Digest;
use crate::identity::PluginIdentity;

/// No host could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A limit is zero.
    #[error(
        "`Limits::{field}` is zero, so that no plugin could do anything; \
         `Limits::recommended()` has a value to start from"
    )]
    ZeroLimit {
        /// The field of [`Limits`](crate::Limits).
        field: &'static str,
    },
    /// The WebAssembly engine can't be set up, mostly because this machine lacks the address space
    /// for the limits.
    #[error(
        "the WebAssembly engine can't be set up: {0}; \
         lower `Limits::concurrent_calls` or `Limits::memory_bytes` if it is for want of memory"
    )]
    Engine(String),
    /// The cache of compiled components can't be used.
    #[error("compiled components can't be kept in {}: {reason}", directory.display())]
    Cache {
        /// Where they were to be kept.
        directory: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The thread that counts the epochs can't be started.
    #[error("the thread that keeps plugins to their time can't be started: {0}")]
    Ticker(#[source] io::Error),
    /// The HTTP client can't be set up, mostly because no root certificates were found.
    #[error("the HTTP client can't be set up: {0}; are root certificates installed?")]
    HttpClient(String),
}

/// A plugin could not be loaded.
#[derive(Debug, thiserror::Error)]
#[error("cannot load {origin}: {fault}")]
#[non_exhaustive]
pub struct LoadError {
    /// The file, or `the component` where the bytes were given.
    pub origin: String,
    /// What is wrong with it.
    #[source]
    pub fault: LoadFault,
}

/// Why a plugin could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadFault {
    /// The file can't be read.
    #[error("{0}")]
    Read(#[source] io::Error),
    /// The file is larger than the host takes.
    #[error(
        "it is larger than {limit} bytes; raise `Limits::component_bytes` if it is meant to be"
    )]
    TooLarge {
        /// [`Limits::component_bytes`](crate::Limits::component_bytes).
        limit: usize,
    },
    /// The component isn't the one that is pinned.
    #[error("its SHA-256 is {found}, and {expected} is expected: it is another build")]
    WrongDigest {
        /// The one that is pinned.
        expected: Digest,
        /// The component's.
        found: Digest,
    },
    /// The file isn't a component.
    #[error("{0}")]
    NotAComponent(NotAComponent),
    /// The file ends in the middle of the component.
    #[error("it ends in the middle of the component; get the file again")]
    Truncated,
    /// It begins like a component, but isn't one that the engine takes: it isn't valid, uses
    /// features of WebAssembly that plugins don't need, or is larger than the limits.
    #[error("the engine doesn't take it: {0}")]
    Invalid(String),
    /// It doesn't keep to the contract: each import and export that is off.
    #[error("{0}")]
    Contract(ContractMismatch),
    /// `describe` broke.
    #[error("`describe` failed: {0}")]
    Describe(#[source] CallFault),
    /// It is another job type than the one whose place it is to take.
    #[error("it is the job type `{found}`, and can't take the place of `{expected}`")]
    OtherJobType {
        /// The id of the job type that serves.
        expected: String,
        /// The component's.
        found: String,
    },
}

/// There is no plugin to go back to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no earlier plugin to go back to: {serving} goes on serving")]
#[non_exhaustive]
pub struct NothingToRollBackTo {
    /// The plugin that serves.
    pub serving: Arc<PluginIdentity>,
}

/// What a file is instead of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAComponent {
    /// No bytes.
    #[error("it is empty")]
    Empty,
    /// A core module.
    #[error(
        "it is a core WebAssembly module, not a component; \
         make one of it with `wasm-tools component new`"
    )]
    CoreModule,
    /// A format that this host doesn't know.
    #[error("it is WebAssembly of a version that this host doesn't know")]
    UnknownVersion,
    /// Machine code, which can't be checked and is never run.
    #[error("it is compiled machine code, which this host never runs; give the `.wasm` component")]
    Precompiled,
    /// The text format.
    #[error("it is WebAssembly text; convert it with `wasm-tools parse`")]
    Text,
    /// Anything else.
    #[error("it is not WebAssembly")]
    Other,
}

/// Where a component doesn't keep to the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractMismatch {
    /// One clause for each import or export that is off.
    pub problems: Vec<String>,
}

impl fmt::Display for ContractMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "it doesn't keep to the contract: {}",
            self.problems.join("; ")
        )
    }
}

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
