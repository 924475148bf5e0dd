//! The message of a run, by the specification's rule.

use job_type_kit::non_blank;

use crate::api::DescribePipelineExecutionOutput;
use crate::text;

/// The reason of the failure, else the execution's description. A blank one counts as absent.
pub fn message(execution: &DescribePipelineExecutionOutput) -> Option<String> {
    let reason = non_blank(execution.failure_reason.as_ref());
    reason
        .or_else(|| non_blank(execution.pipeline_execution_description.as_ref()))
        .cloned()
        .map(text::message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_the_failure_reason_else_the_description() {
        for (reason, description, expected) in [
            (Some("broken"), Some("nightly"), Some("broken")),
            (Some(" "), Some("nightly"), Some("nightly")),
            (None, Some("nightly"), Some("nightly")),
            (None, Some(""), None),
            (None, None, None),
        ] {
            let execution = DescribePipelineExecutionOutput {
                failure_reason: reason.map(str::to_owned),
                pipeline_execution_description: description.map(str::to_owned),
                ..Default::default()
            };
            assert_eq!(message(&execution).as_deref(), expected);
        }
    }
}
