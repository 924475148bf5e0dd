//! What a call runs in: the engine, and a fresh instance with limits and capabilities of its own.

mod cache_directory;
pub(crate) mod call;
pub(crate) mod engine;
pub(crate) mod fault;
pub(crate) mod places;
pub(crate) mod session;
pub(crate) mod slot_quota;
pub(crate) mod state;
pub(crate) mod ticker;
