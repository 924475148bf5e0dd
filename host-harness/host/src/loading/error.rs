//! Why a plugin can't be loaded.

use std::fmt;
use std::io;

use crate::access::requests::GrantRequests;
use crate::digest::Digest;
use crate::sandbox::fault::CallFault;

/// A plugin can't be loaded.
#[derive(Debug, thiserror::Error)]
#[error("cannot load {origin}: {fault}")]
#[non_exhaustive]
pub struct LoadError {
    /// The file's path, or `the component` for a [`Source::bytes`](crate::Source::bytes).
    pub origin: String,
    /// What is wrong with the component.
    #[source]
    pub fault: LoadFault,
}

/// Why a plugin can't be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadFault {
    /// The file can't be read.
    #[error("{0}")]
    Read(#[source] io::Error),
    /// The component is larger than the limit.
    #[error(
        "it is larger than {limit} bytes; raise `Limits::component_bytes` if it is meant to be"
    )]
    TooLarge {
        /// [`Limits::component_bytes`](crate::Limits::component_bytes).
        limit: usize,
    },
    /// The component isn't the build that is pinned.
    #[error("its SHA-256 is {found}, and {expected} is expected: it is another build")]
    WrongDigest {
        /// The digest that is pinned.
        expected: Digest,
        /// The component's digest.
        found: Digest,
    },
    /// The file isn't a component.
    #[error("{0}")]
    NotAComponent(NotAComponent),
    /// The file ends in the middle of the component.
    #[error("it ends in the middle of the component; get the file again")]
    Truncated,
    /// The engine refuses the component: it isn't valid, uses features of WebAssembly that plugins
    /// don't need, or asks for more than the limits.
    #[error("the engine refuses it: {0}")]
    Invalid(String),
    /// The component consists of more than [`CompileLimits`](crate::CompileLimits) allow, so that
    /// compiling it could take minutes and gigabytes. None of it was compiled.
    #[error(
        "it has more than {limit} {what}; raise `CompileLimits::{field}` if it is meant to be so large"
    )]
    TooComplex {
        /// What it has too much of, in the plural.
        what: &'static str,
        /// The field of [`CompileLimits`](crate::CompileLimits).
        field: &'static str,
        /// The value of the field.
        limit: u32,
    },
    /// Components inside the component call each other.
    #[error(
        "components inside it call each other, which this host doesn't run; \
         build the plugin as one component"
    )]
    Composed,
    /// The component doesn't keep to the contract.
    #[error("{0}")]
    Contract(ContractMismatch),
    /// The plugin broke in `describe`, which the host calls to load it.
    #[error("`describe` failed: {0}")]
    Describe(#[source] CallFault),
    /// The plugin broke in `needs`, which the host calls before a plugin takes over from another. It
    /// has to answer for all connections in use within [`Limits::call_timeout`](crate::Limits::call_timeout)
    /// together.
    #[error("`needs` failed: {0}")]
    Needs(#[source] CallFault),
    /// What the plugin says of itself isn't fit to be stored and shown.
    #[error("its description can't be used: `{member}` {problem}")]
    Description {
        /// The member of the description, by its name in the contract.
        member: String,
        /// What is wrong with it, without its content.
        problem: String,
    },
    /// The plugin asks for more than the slot's connections are granted, and the slot's
    /// [`NeedsPolicy`](crate::NeedsPolicy) refuses that.
    #[error("it asks for more than is granted: {missing}; grant that first, then swap again")]
    NeedsGrow {
        /// What isn't granted.
        missing: GrantRequests,
    },
    /// The component is another job type than the one that the slot serves.
    #[error("it is the job type `{found}`, and can't take over from `{expected}`")]
    OtherJobType {
        /// The id of the job type that the slot serves.
        expected: String,
        /// The id of the component's job type.
        found: String,
    },
    /// A rollback came while the component was loaded.
    #[error(
        "a rollback came while it was loaded, and wins; swap it in again if it is meant to serve"
    )]
    RolledBack {
        /// The component's digest.
        digest: Digest,
    },
    /// A rollback to the component was asked for, and then a swap, which was done first.
    #[error(
        "another plugin was swapped in while it was loaded, and stays; roll back again if it is meant \
         to go"
    )]
    Overtaken,
}

impl LoadFault {
    /// Whether the same component may be loaded later: a file can be made readable, and a busy machine
    /// can let `describe` or `needs` take too long.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Read(_)
                | Self::Describe(CallFault::Timeout { .. } | CallFault::Host(_))
                | Self::Needs(CallFault::Timeout { .. } | CallFault::Host(_))
        )
    }
}

impl LoadFault {
    /// The fault of a component that the parser doesn't understand.
    pub(crate) fn unparsable(error: wasmparser::BinaryReaderError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// What a file is instead of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAComponent {
    /// An empty file.
    #[error("it is empty")]
    Empty,
    /// A core WebAssembly module.
    #[error(
        "it is a core WebAssembly module, not a component; \
         make one of it with `wasm-tools component new`"
    )]
    CoreModule,
    /// A version of the binary format that this host doesn't know.
    #[error("it is WebAssembly of a version that this host doesn't know")]
    UnknownVersion,
    /// Compiled machine code, which can't be checked.
    #[error("it is compiled machine code, which this host never runs; give the `.wasm` component")]
    Precompiled,
    /// The text format of WebAssembly.
    #[error("it is WebAssembly text; convert it with `wasm-tools parse`")]
    Text,
    /// Any other file.
    #[error("it is not WebAssembly")]
    Other,
}

/// Where a component doesn't keep to the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractMismatch {
    /// One clause for each import or export that differs from the contract.
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
