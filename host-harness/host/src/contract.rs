//! The contract in Rust: the types that an embedder sees, whichever version a plugin speaks.

pub(crate) mod component;
mod types;
pub(crate) mod v0_2;

pub use types::*;
