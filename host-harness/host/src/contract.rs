//! The contract in Rust: the types that an embedder sees, whichever version a plugin speaks.

pub(crate) mod component;
#[cfg(feature = "serde")]
pub mod json;
pub(crate) mod served;
mod size;
mod types;
mod v0_1;
pub(crate) mod v0_2;
mod version;
pub(crate) mod versions;

pub use size::Size;
pub(crate) use types::IDEMPOTENT_START;
pub use types::*;
pub use version::{ContractVersion, InvalidContractVersion};
