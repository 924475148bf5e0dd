//! The numbers of all runs, in JSON.

use std::collections::BTreeMap;

use polysync_host::PluginIdentity;
use serde::Serialize;

use crate::runs::summary::{PluginUse, Summary};

/// How many runs are in which state, and what the plugins are doing.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryView<'a> {
    runs: &'a BTreeMap<&'static str, u64>,
    /// The plugin that serves; none where there are several.
    plugin: Option<&'a PluginIdentity>,
    /// All plugins that serve.
    plugins: Vec<PluginView<'a>>,
    calls: usize,
    draining: Vec<DrainingView<'a>>,
    swaps: usize,
    errors: usize,
}

#[derive(Debug, Serialize)]
struct PluginView<'a> {
    #[serde(flatten)]
    plugin: &'a PluginIdentity,
    calls: usize,
}

#[derive(Debug, Serialize)]
struct DrainingView<'a> {
    /// The job type of the generation.
    id: &'a str,
    generation: u64,
    calls: usize,
}

impl<'a> From<&'a Summary> for SummaryView<'a> {
    fn from(summary: &'a Summary) -> Self {
        Self {
            runs: &summary.runs,
            plugin: match summary.plugins.as_slice() {
                [one] => Some(&one.plugin),
                _ => None,
            },
            plugins: summary.plugins.iter().map(PluginView::from).collect(),
            calls: summary.calls(),
            draining: summary.plugins.iter().flat_map(DrainingView::all).collect(),
            swaps: summary.swaps,
            errors: summary.errors,
        }
    }
}

impl<'a> From<&'a PluginUse> for PluginView<'a> {
    fn from(plugin: &'a PluginUse) -> Self {
        Self {
            plugin: &plugin.plugin,
            calls: plugin.calls,
        }
    }
}

impl<'a> DrainingView<'a> {
    fn all(plugin: &'a PluginUse) -> impl Iterator<Item = Self> {
        plugin.draining.iter().map(|old| Self {
            id: &plugin.plugin.id,
            generation: old.generation,
            calls: old.calls,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::samples;

    fn json(plugins: Vec<PluginUse>) -> serde_json::Value {
        let summary = Summary {
            runs: BTreeMap::new(),
            plugins,
            swaps: 0,
            errors: 0,
        };
        serde_json::to_value(SummaryView::from(&summary)).unwrap()
    }

    #[test]
    fn one_plugin_is_named_and_of_several_each_has_its_calls() {
        let one = json(vec![samples::plugin_use("a", 2)]);
        assert_eq!(one["plugin"]["id"], "a");
        assert_eq!(one["plugins"][0]["calls"], 2);

        let two = json(vec![
            samples::plugin_use("a", 2),
            samples::plugin_use("b", 3),
        ]);
        assert_eq!(two["plugin"], json!(null));
        assert_eq!(two["plugins"][1]["id"], "b");
        assert_eq!(two["plugins"][1]["generation"], 2);
        assert_eq!(two["calls"], 5);
        let of_b = json!({ "id": "b", "generation": 1, "calls": 4 });
        assert_eq!(two["draining"][1], of_b);
    }
}
