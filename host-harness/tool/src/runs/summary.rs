//! The numbers of all runs at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use polysync_host::{GenerationUse, PluginIdentity};

/// How many runs are in which state, and what the plugins are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    /// How many runs of all job types are in each state that any is in.
    pub(crate) runs: BTreeMap<&'static str, u64>,
    /// The plugins that serve, one for each job type.
    pub(crate) plugins: Vec<PluginUse>,
    pub(crate) swaps: usize,
    pub(crate) errors: usize,
}

/// A plugin that serves, and what it and those that served before it are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PluginUse {
    pub(crate) plugin: Arc<PluginIdentity>,
    /// Its calls that are under way.
    pub(crate) calls: usize,
    /// Generations that were swapped out and still have calls under way.
    pub(crate) draining: Vec<Draining>,
}

/// A generation that was swapped out, and its calls that are under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draining {
    pub(crate) generation: u64,
    pub(crate) calls: usize,
}

impl PluginUse {
    /// What a slot is doing. `generations` are those that have calls under way.
    pub(crate) fn new(generations: &[GenerationUse], serving: Arc<PluginIdentity>) -> Self {
        let (current, draining): (Vec<_>, Vec<_>) = generations
            .iter()
            .partition(|g| g.identity.generation == serving.generation);
        Self {
            plugin: serving,
            calls: current.iter().map(|g| g.calls).sum(),
            draining: draining
                .iter()
                .map(|g| Draining {
                    generation: g.identity.generation,
                    calls: g.calls,
                })
                .collect(),
        }
    }
}

impl Summary {
    /// All calls of the plugins that serve.
    pub(crate) fn calls(&self) -> usize {
        self.plugins.iter().map(|plugin| plugin.calls).sum()
    }
}
