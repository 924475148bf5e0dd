//! The further facts of an execution: what it was started with, under the names of the job's attributes.

use job_type_kit::contract::Attribute;

use crate::api::DescribePipelineExecutionOutput;
use crate::pipeline_version::VERSION_ID;
use crate::selective_execution::{SELECTED_STEPS, SOURCE_EXECUTION_ARN};

/// The details that there are.
pub fn details(execution: DescribePipelineExecutionOutput) -> Vec<Attribute> {
    let version = execution.pipeline_version_id.map(|id| id.to_string());
    let (steps, source) = execution
        .selective_execution_config
        .map(|config| {
            let names = config.selected_steps.into_iter().map(|step| step.step_name);
            (
                names.collect::<Vec<_>>().join(", "),
                config.source_pipeline_execution_arn,
            )
        })
        .unzip();
    [
        ("display-name", execution.pipeline_execution_display_name),
        (VERSION_ID, version),
        (SELECTED_STEPS, steps),
        (SOURCE_EXECUTION_ARN, source.flatten()),
    ]
    .into_iter()
    .filter_map(|(name, text)| Attribute::detail(name, text))
    .collect()
}
