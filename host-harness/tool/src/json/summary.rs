//! The numbers of all runs, in JSON.

use std::collections::BTreeMap;

use polysync_host::PluginIdentity;
use serde::Serialize;

use crate::runs::summary::Summary;

/// How many runs are in which state, and what the plugin is doing.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryView<'a> {
    runs: &'a BTreeMap<&'static str, u64>,
    plugin: &'a PluginIdentity,
    calls: usize,
    draining: Vec<DrainingView>,
    swaps: usize,
    errors: usize,
}

#[derive(Debug, Serialize)]
struct DrainingView {
    generation: u64,
    calls: usize,
}

impl<'a> From<&'a Summary> for SummaryView<'a> {
    fn from(summary: &'a Summary) -> Self {
        Self {
            runs: &summary.runs,
            plugin: &summary.plugin,
            calls: summary.calls,
            draining: summary
                .draining
                .iter()
                .map(|old| DrainingView {
                    generation: old.generation,
                    calls: old.calls,
                })
                .collect(),
            swaps: summary.swaps,
            errors: summary.errors,
        }
    }
}
