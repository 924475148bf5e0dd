//! Serving: jobs come in, each run is a task of its own, and plugins are swapped meanwhile.

pub(crate) mod folder;
pub(crate) mod job_types;
pub(crate) mod kept_plugin;
pub(crate) mod order;
pub(crate) mod rolled_back;
pub(crate) mod server;
pub(crate) mod serving_plugins;
pub(crate) mod sources;
