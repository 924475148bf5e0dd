//! Components that are expensive to compile for their size, as large as asked for.
//!
//! None of them implements the contract: a host that compiles one refuses it afterwards, because it
//! isn't a job type.

pub mod code;
pub mod declarations;
pub mod structure;
mod worst;

pub use worst::worst;
