//! A pipeline as the host imports it, from its entry in the listing and its description.

use aws_kit::arn::Arn;
use job_type_kit::contract::{Attribute, DiscoveredJob, DiscoveryNote};
use job_type_kit::{iso_8601, non_blank};

use crate::api::{DescribePipelineOutput, PipelineSummary};
use crate::definition;
use crate::describe;
use crate::external_id::ExternalId;
use crate::suggested_defaults;

/// The name of a listed pipeline, else the name in its ARN.
pub fn listed_name(summary: &PipelineSummary) -> Option<String> {
    if let Some(name) = summary
        .pipeline_name
        .as_ref()
        .filter(|name| !name.is_empty())
    {
        return Some(name.clone());
    }
    let arn = Arn::parse(summary.pipeline_arn.as_deref()?)?;
    let name = arn.resource.strip_prefix("pipeline/")?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The job for a pipeline, and a note for the user where its definition can't be read or not each default
/// suggested. Members that
/// `described` lacks come from `listed`.
pub fn discovered_job(
    external_id: String,
    listed: PipelineSummary,
    described: DescribePipelineOutput,
) -> (DiscoveredJob, Option<DiscoveryNote>) {
    let details = details(&listed, &described);
    // The specification skips parameters that can't be imported silently. The note says why there are
    // none, and nothing fails.
    let definition = non_blank(described.pipeline_definition).unwrap_or_else(|| "{}".to_owned());
    let (parameters, note) = match definition::parameters(&definition) {
        Ok(mut parameters) => {
            let note = suggested_defaults::keep_sendable(&mut parameters);
            (parameters, note)
        }
        Err(error) => (
            Vec::new(),
            Some(format!("Imported without parameters: {error}.")),
        ),
    };
    let note = note.map(|message| DiscoveryNote {
        external_id: external_id.clone(),
        message,
    });
    let first = |described, listed| non_blank::<String>(described).or_else(|| non_blank(listed));
    let name = first(described.pipeline_name, listed.pipeline_name).unwrap_or_else(|| {
        ExternalId::check(&external_id)
            .map_or_else(|_| external_id.clone(), |id| id.name().to_owned())
    });
    let job = DiscoveredJob {
        external_id,
        name,
        display_name: first(
            described.pipeline_display_name,
            listed.pipeline_display_name,
        ),
        description: first(described.pipeline_description, listed.pipeline_description),
        job_type: describe::NAME.to_owned(),
        parameters,
        details,
    };
    (job, note)
}

fn details(listed: &PipelineSummary, described: &DescribePipelineOutput) -> Vec<Attribute> {
    let text = |described: &Option<String>, listed: &Option<String>| {
        non_blank(described.clone().or_else(|| listed.clone()))
    };
    let time = |described: Option<u64>, listed: Option<u64>| described.or(listed).map(iso_8601);
    [
        ("arn", text(&described.pipeline_arn, &listed.pipeline_arn)),
        ("role-arn", text(&described.role_arn, &listed.role_arn)),
        (
            "created-at",
            time(described.creation_time, listed.creation_time),
        ),
        (
            "modified-at",
            time(described.last_modified_time, listed.last_modified_time),
        ),
        (
            "last-run-at",
            time(described.last_run_time, listed.last_execution_time),
        ),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(Attribute::new(name, value?)))
    .collect()
}
