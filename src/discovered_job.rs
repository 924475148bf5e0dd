//! A pipeline as the host imports it, from its entry in the listing and its description.

use aws_kit::arn::Arn;
use job_type_kit::contract::{Attribute, DiscoveredJob};
use job_type_kit::{iso_8601, non_blank};

use crate::api::{DescribePipelineOutput, PipelineSummary};
use crate::definition;
use crate::describe;
use crate::external_id::{ExternalId, Owner};
use crate::job_attributes;
use crate::suggested_defaults;

/// The External Id of a listed pipeline: its name, else the name in its ARN. A pipeline that AWS manages
/// is known by its ARN: the user may have one of the same name, and only the ARN tells a start that the
/// platform's default role applies.
pub fn listed_id(summary: &PipelineSummary) -> Option<String> {
    let arn = summary.pipeline_arn.as_deref();
    if let Some(arn) = arn.filter(|arn| is_managed_by_aws(arn)) {
        return Some(arn.to_owned());
    }
    let name = summary.pipeline_name.as_deref();
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let name = Arn::parse(arn?)?.resource.strip_prefix("pipeline/")?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether an ARN is that of a pipeline that AWS manages. The API has no other sign of it in its
/// answers.
fn is_managed_by_aws(arn: &str) -> bool {
    ExternalId::check(arn).is_ok_and(|id| id.owner() == Some(Owner::Aws))
}

/// Whether SageMaker is deleting a pipeline.
pub fn is_being_deleted(described: &DescribePipelineOutput) -> bool {
    described.pipeline_status.as_deref() == Some("Deleting")
}

/// The job for a pipeline, with a note for the user where its definition can't be read or not each
/// default suggested. Members that `described` lacks come from `listed`.
pub fn discovered_job(
    external_id: String,
    listed: PipelineSummary,
    described: DescribePipelineOutput,
) -> DiscoveredJob {
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
    let parallelism = described.parallelism_configuration;
    let attributes = parallelism.and_then(job_attributes::suggested_parallelism);
    let first = |described, listed| non_blank::<String>(described).or_else(|| non_blank(listed));
    let name = first(described.pipeline_name, listed.pipeline_name).unwrap_or_else(|| {
        ExternalId::check(&external_id)
            .map_or_else(|_| external_id.clone(), |id| id.name().to_owned())
    });
    DiscoveredJob {
        external_id,
        name,
        display_name: first(
            described.pipeline_display_name,
            listed.pipeline_display_name,
        ),
        description: first(described.pipeline_description, listed.pipeline_description),
        job_type: describe::NAME.to_owned(),
        attributes: attributes.into_iter().collect(),
        parameters,
        notes: note.into_iter().collect(),
        details,
    }
}

fn details(listed: &PipelineSummary, described: &DescribePipelineOutput) -> Vec<Attribute> {
    let text = |described: &Option<String>, listed: &Option<String>| {
        non_blank(described.clone().or_else(|| listed.clone()))
    };
    let time = |described: Option<u64>, listed: Option<u64>| described.or(listed).map(iso_8601);
    let arn = text(&described.pipeline_arn, &listed.pipeline_arn);
    let managed_by = arn.as_deref().filter(|arn| is_managed_by_aws(arn));
    let status = non_blank(described.pipeline_status.clone());
    [
        ("managed-by", managed_by.map(|_| "AWS".to_owned())),
        ("status", status.filter(|status| status != "Active")),
        ("arn", arn),
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
