//! The numbers of all runs, in one line or two.

use super::text;
use crate::runs::summary::Summary;

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

/// `generation 1 (0.1.0 0123456789ab)  ·  calls 3  ·  swaps 0  ·  errors 0`
pub(crate) fn plugin(summary: &Summary) -> String {
    let plugin = &summary.plugin;
    let mut parts = vec![
        format!(
            "generation {} ({} {})",
            plugin.generation,
            text::line(&plugin.version),
            plugin.digest.short()
        ),
        format!("calls {}", summary.calls),
        format!("swaps {}", summary.swaps),
        format!("errors {}", summary.errors),
    ];
    let draining = summary
        .draining
        .iter()
        .map(|old| format!("generation {} drains {}", old.generation, old.calls));
    parts.extend(draining);
    parts.join("  ·  ")
}

/// All of it.
pub(crate) fn numbers(summary: &Summary) -> String {
    format!("{}  ·  {}", runs(summary), plugin(summary))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::runs::summary::Draining;
    use crate::samples;

    #[test]
    fn runs_are_counted_by_state_and_calls_by_generation() {
        let summary = Summary {
            runs: [("running", 2), ("success", 5)].into(),
            plugin: Arc::new(samples::plugin()),
            calls: 3,
            draining: vec![Draining {
                generation: 1,
                calls: 4,
            }],
            swaps: 1,
            errors: 0,
        };
        assert_eq!(
            numbers(&summary),
            "runs: 2 running, 5 success  ·  generation 2 (1.2.3 e3b0c44298fc)  ·  calls 3  ·  \
             swaps 1  ·  errors 0  ·  generation 1 drains 4"
        );
    }
}
