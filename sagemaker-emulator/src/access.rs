//! Who may call the emulator, and how often.

pub(crate) mod credentials;
pub(crate) mod rate_limit;
pub(crate) mod sigv4;
