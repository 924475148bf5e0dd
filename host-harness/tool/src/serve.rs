//! Serving: jobs come in, each run is a task of its own, and the plugin is swapped meanwhile.

pub(crate) mod folder;
pub(crate) mod order;
pub(crate) mod server;
pub(crate) mod sources;
