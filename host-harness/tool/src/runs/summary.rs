//! The numbers of all runs at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use polysync_host::PluginIdentity;

/// How many runs are in which state, and what the plugin is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    /// How many runs are in each state that any is in.
    pub(crate) runs: BTreeMap<&'static str, u64>,
    /// The plugin that serves.
    pub(crate) plugin: Arc<PluginIdentity>,
    /// Its calls that are under way.
    pub(crate) calls: usize,
    /// Generations that were swapped out and still have calls under way.
    pub(crate) draining: Vec<Draining>,
    pub(crate) swaps: usize,
    pub(crate) errors: usize,
}

/// A generation that was swapped out, and its calls that are under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draining {
    pub(crate) generation: u64,
    pub(crate) calls: usize,
}
