//! Why a plugin can't be loaded.

use std::fmt;
use std::io;

use crate::digest::Digest;
use crate::sandbox::fault::CallFault;

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
