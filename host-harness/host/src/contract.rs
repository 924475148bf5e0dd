//! The contract in Rust: the types that an embedder sees, whichever version a plugin speaks.

pub(crate) mod component;
#[cfg(feature = "serde")]
pub mod json;
mod types;
pub(crate) mod v0_2;

pub use types::*;
