//! A job as the host imports it, from its definition.

use job_type_kit::contract::{Attribute, DeclaredParameter, DiscoveredJob};
use job_type_kit::{DataType, iso_8601, non_blank};

use crate::api::{Arguments, Job};
use crate::describe;
use crate::settings::{GLUE_VERSION_ARGUMENT, RunSettings};

/// The arguments that Glue reads itself ("Using job parameters in AWS Glue jobs" in its developer
/// guide). They set up the job, and are no inputs of its script.
const RESERVED: [&str; 50] = [
    "--JOB_NAME",
    "--TempDir",
    "--additional-python-modules",
    "--auto-scale-within-microbatch",
    "--class",
    "--conf",
    "--continuous-log-conversionPattern",
    "--continuous-log-logGroup",
    "--continuous-log-logStreamPrefix",
    "--custom-logGroup-prefix",
    "--custom-logStream-prefix",
    "--customer-driver-env-vars",
    "--customer-executor-env-vars",
    "--datalake-formats",
    "--debug",
    "--disable-proxy",
    "--disable-proxy-v2",
    "--enable-auto-scaling",
    "--enable-continuous-cloudwatch-log",
    "--enable-continuous-log-filter",
    "--enable-glue-datacatalog",
    "--enable-job-insights",
    "--enable-lakeformation-fine-grained-access",
    "--enable-metrics",
    "--enable-observability-metrics",
    "--enable-rename-algorithm-v2",
    "--enable-s3-parquet-optimized-committer",
    "--enable-spark-ui",
    "--encryption-type",
    "--executor-cores",
    "--extra-files",
    "--extra-jars",
    "--extra-py-files",
    GLUE_VERSION_ARGUMENT,
    "--job-bookmark-from",
    "--job-bookmark-option",
    "--job-bookmark-to",
    "--job-insights-byo-rules",
    "--job-language",
    "--job-language-version",
    "--library-set",
    "--mode",
    "--python-modules-installer-option",
    "--scriptLocation",
    "--spark-event-logs-path",
    "--spark-ui-event-logs-path",
    "--use-postgres-driver",
    "--user-jars-first",
    "--write-shuffle-files-to-s3",
    "--write-shuffle-spills-to-s3",
];

/// The job for a definition, unless that has no name.
pub fn discovered_job(job: Job) -> Option<DiscoveredJob> {
    let name = job.name.clone().filter(|name| !name.is_empty())?;
    Some(DiscoveredJob {
        external_id: name.clone(),
        name,
        display_name: None,
        job_type: describe::NAME.to_owned(),
        parameters: parameters(&job),
        notes: Vec::new(),
        details: details(&job),
        description: non_blank(job.description),
        attributes: RunSettings {
            worker_type: job.worker_type,
            number_of_workers: job.number_of_workers,
            glue_version: job.glue_version,
            timeout: job.timeout,
        }
        .attributes(),
    })
}

/// The default arguments that a run may replace.
fn parameters(job: &Job) -> Vec<DeclaredParameter> {
    let has = |arguments: &Option<Arguments>, name: &String| {
        arguments
            .as_ref()
            .is_some_and(|arguments| arguments.contains_key(name))
    };
    let defaults = job.default_arguments.iter().flatten();
    defaults
        .filter(|(name, _)| !RESERVED.contains(&name.as_str()))
        .filter(|(name, _)| !has(&job.non_overridable_arguments, name))
        .map(|(name, value)| DeclaredParameter {
            name: name.clone(),
            data_type: DataType::of_value(value.as_deref().unwrap_or_default()).to_string(),
            required: false,
            default_value: value.clone().filter(|value| !value.is_empty()),
            allowed_values: Vec::new(),
            description: None,
        })
        .collect()
}

/// What else is known. How often Glue tries a run again is the definition's alone.
fn details(job: &Job) -> Vec<Attribute> {
    let command = job.command.as_ref();
    [
        ("kind", command.and_then(|command| command.name.clone())),
        ("role", job.role.clone()),
        ("max-retries", job.max_retries.map(|most| most.to_string())),
        ("created-at", job.created_on.map(iso_8601)),
        ("modified-at", job.last_modified_on.map(iso_8601)),
    ]
    .into_iter()
    .filter_map(|(name, text)| Attribute::detail(name, text))
    .collect()
}
