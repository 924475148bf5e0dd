//! The numbers of all runs, in one line or two.

use super::text;
use crate::runs::summary::{PluginUse, Summary};

/// `runs: 2 running, 5 success`
pub(crate) fn runs(summary: &Summary) -> String {
    let runs: Vec<_> = summary
        .runs
        .iter()
        .map(|(state, number)| format!("{number} {state}"))
        .collect();
    match runs.as_slice() {
        [] => "runs: none".to_owned(),
        runs => format!("runs: {}", runs.join(", ")),
    }
}

/// `generation 1 (0.1.0 0123456789ab)  ·  calls 3  ·  swaps 0  ·  errors 0`. Of several plugins, each has its
/// id and its calls.
pub(crate) fn plugins(summary: &Summary) -> String {
    let mut parts = Vec::new();
    match summary.plugins.as_slice() {
        [one] => parts.extend([generation(one), format!("calls {}", one.calls)]),
        several => parts.extend(several.iter().map(|plugin| {
            let id = text::line(&plugin.plugin.id);
            format!("{id} {} calls {}", generation(plugin), plugin.calls)
        })),
    }
    parts.push(format!("swaps {}", summary.swaps));
    parts.push(format!("errors {}", summary.errors));
    for plugin in &summary.plugins {
        let id = match summary.plugins.len() {
            1 => String::new(),
            _ => format!("{} ", text::line(&plugin.plugin.id)),
        };
        let draining = plugin.draining.iter();
        parts.extend(
            draining.map(|old| format!("{id}generation {} drains {}", old.generation, old.calls)),
        );
    }
    parts.join("  ·  ")
}

/// `generation 1 (0.1.0 0123456789ab)`
fn generation(plugin: &PluginUse) -> String {
    let plugin = &plugin.plugin;
    format!(
        "generation {} ({} {})",
        plugin.generation,
        text::line(&plugin.version),
        plugin.digest.short()
    )
}

/// All of it.
pub(crate) fn numbers(summary: &Summary) -> String {
    format!("{}  ·  {}", runs(summary), plugins(summary))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn summary(plugins: Vec<PluginUse>) -> Summary {
        Summary {
            runs: [("running", 2), ("success", 5)].into(),
            plugins,
            swaps: 1,
            errors: 0,
        }
    }

    #[test]
    fn runs_are_counted_by_state_and_calls_by_generation() {
        assert_eq!(
            numbers(&summary(vec![samples::plugin_use("a", 3)])),
            "runs: 2 running, 5 success  ·  generation 2 (1.2.3 e3b0c44298fc)  ·  calls 3  ·  \
             swaps 1  ·  errors 0  ·  generation 1 drains 4"
        );
    }

    #[test]
    fn of_several_plugins_each_has_its_id_and_its_calls() {
        assert_eq!(
            numbers(&summary(vec![
                samples::plugin_use("a", 3),
                samples::plugin_use("b", 0)
            ])),
            "runs: 2 running, 5 success  ·  a generation 2 (1.2.3 e3b0c44298fc) calls 3  ·  \
             b generation 2 (1.2.3 e3b0c44298fc) calls 0  ·  swaps 1  ·  errors 0  ·  \
             a generation 1 drains 4  ·  b generation 1 drains 4"
        );
    }
}
