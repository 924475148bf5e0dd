//! Serving: jobs come in, each run is a task of its own, and the plugin is swapped meanwhile.

pub(crate) mod folder;
pub(crate) mod kept_plugin;
pub(crate) mod order;
pub(crate) mod server;
pub(crate) mod serving_plugin;
pub(crate) mod sources;
