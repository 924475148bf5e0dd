//! The instances that the arguments of a step ask for.

use serde::Deserialize;
use serde_json::Value;

use super::expression::Expression;

/// The arguments of a step that runs a job, as far as they say on how many instances.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JobArguments {
    resource_config: Option<Instances>,
    processing_resources: Option<ProcessingResources>,
    transform_resources: Option<Instances>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProcessingResources {
    cluster_config: Option<Instances>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Instances {
    instance_count: Option<Expression>,
}

/// The number of instances in the definition of a step, if it has one.
pub(super) fn instance_count(step: &Value) -> Option<Expression> {
    let arguments = JobArguments::deserialize(step.get("Arguments")?).ok()?;
    let processing = arguments.processing_resources;
    arguments
        .resource_config
        .or(arguments.transform_resources)
        .or(processing.and_then(|resources| resources.cluster_config))?
        .instance_count
}
