//! One plugin takes over from another while calls are under way.

pub(crate) mod connections;
pub(crate) mod generation;
pub(crate) mod needs;
pub(crate) mod slot;
#[cfg(feature = "watch")]
pub(crate) mod watch;
