//! What a plugin can import: one file for each interface in `wit/`.
//!
//! Each capability is a structure with what it needs for one call. It knows nothing of the call
//! itself; the call's state holds the four and hands each to the linker.

pub(crate) mod aws_signing;
pub(crate) mod clock;
pub(crate) mod http;
pub(crate) mod log;
