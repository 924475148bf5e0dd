//! Finds the account's jobs. GetJobs has their definitions, so that a page takes one request.

use aws_kit::client::{Client, Operation};
use job_type_kit::contract::{
    Attribute, AttributeDefinition, DeclaredParameter, DiscoveredJob, DiscoveryPage, Error,
};
use job_type_kit::{Cursor, iso_8601, non_blank};

use crate::api::{GetJob, GetJobs, JOBS, Job};
use crate::attributes::{GLUE_VERSION, NUMBER_OF_WORKERS, TIMEOUT, WORKER_TYPE, job_name, of_jobs};
use crate::describe;
use crate::service::GLUE;

/// The arguments that Glue reads itself ("Using job parameters in AWS Glue jobs" in its developer
/// guide), without their dashes. They set up the job. Its script doesn't take them as inputs.
const RESERVED: &str = "JOB_NAME TempDir additional-python-modules auto-scale-within-microbatch class conf \
    continuous-log-conversionPattern continuous-log-logGroup continuous-log-logStreamPrefix \
    custom-logGroup-prefix custom-logStream-prefix customer-driver-env-vars customer-executor-env-vars \
    datalake-formats debug disable-proxy disable-proxy-v2 enable-auto-scaling \
    enable-continuous-cloudwatch-log enable-continuous-log-filter enable-glue-datacatalog \
    enable-job-insights enable-lakeformation-fine-grained-access enable-metrics \
    enable-observability-metrics enable-rename-algorithm-v2 enable-s3-parquet-optimized-committer \
    enable-spark-ui encryption-type executor-cores extra-files extra-jars extra-py-files glue-version \
    job-bookmark-from job-bookmark-option job-bookmark-to job-insights-byo-rules job-language \
    library-set mode python-modules-installer-option scriptLocation spark-event-logs-path \
    use-postgres-driver user-jars-first write-shuffle-files-to-s3 write-shuffle-spills-to-s3";

/// One page of the account's jobs.
///
/// # Errors
/// `EndlessListing`, or the error of GetJobs.
pub fn discover(client: &Client<'_>, cursor: Cursor) -> Result<DiscoveryPage, Error> {
    let request = GetJobs {
        max_results: JOBS,
        next_token: cursor.token().map(str::to_owned),
    };
    // The definition of a visual job can be long.
    let page = client
        .call_smaller(request, |request| &mut request.max_results)
        .map_err(|error| client.contract_error::<GetJobs>(error))?;
    let next = cursor.next(page.next_token, GetJobs::NAME)?;
    let named = |job: Job| Some(discovered_job(name_of(&job)?, job));
    Ok(DiscoveryPage {
        jobs: page.jobs.into_iter().filter_map(named).collect(),
        notes: Vec::new(),
        next_cursor: next.map(Into::into),
    })
}

/// One job, as it is now.
///
/// # Errors
/// `InvalidExternalId` before any request, or the error of GetJob.
pub fn inspect(client: &Client<'_>, external_id: &str) -> Result<DiscoveredJob, Error> {
    if let Some(wrong) = job_name(external_id) {
        return Err(Error::invalid_external_id(
            external_id,
            &wrong,
            "It has to be the job's name.",
        ));
    }
    let job_name = external_id.to_owned();
    let answer = client.ask(&GetJob { job_name })?;
    let missing = || GLUE.missing_member(GetJob::NAME, "Job");
    let job = answer.job.ok_or_else(missing)?;
    let name = name_of(&job).unwrap_or_else(|| external_id.to_owned());
    Ok(discovered_job(name, job))
}

/// The name of a definition, which may lack it.
fn name_of(job: &Job) -> Option<String> {
    job.name.clone().filter(|name| !name.is_empty())
}

/// The job of this name for its definition.
fn discovered_job(name: String, job: Job) -> DiscoveredJob {
    let number = |number: Option<i32>| number.map(|number| number.to_string());
    let parameters = parameters(&job);
    let settings = [
        (WORKER_TYPE, job.worker_type),
        (NUMBER_OF_WORKERS, number(job.number_of_workers)),
        (GLUE_VERSION, job.glue_version),
        (TIMEOUT, number(job.timeout)),
    ];
    DiscoveredJob {
        parameters,
        description: non_blank(job.description),
        attributes: AttributeDefinition::suggest(&of_jobs(), settings),
        // How often Glue tries a run again is the definition's alone.
        details: Attribute::details([
            ("role", job.role),
            ("max-retries", number(job.max_retries)),
            ("created-at", job.created_on.map(iso_8601)),
            ("modified-at", job.last_modified_on.map(iso_8601)),
        ]),
        ..DiscoveredJob::named(describe::NAME, name)
    }
}

/// The default arguments that a run may replace.
fn parameters(job: &Job) -> Vec<DeclaredParameter> {
    let mut defaults = job.default_arguments.clone().unwrap_or_default();
    let fixed = job.non_overridable_arguments.clone().unwrap_or_default();
    let is_reserved = |name: &str| RESERVED.split(' ').any(|reserved| reserved == name);
    defaults
        .retain(|name, _| !fixed.contains_key(name) && !is_reserved(name.trim_start_matches("--")));
    let declared = |(name, value): (String, _)| DeclaredParameter::with_default(&name, value);
    defaults.into_iter().map(declared).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GlueJob;
    use crate::testing::{connection, list, lost, ok, refusal};
    use job_type_kit::JobType;
    use job_type_kit::contract::ErrorClass;
    use job_type_kit::contract::http::ErrorKind;
    use job_type_kit::testing::FakeHost;

    const SALES: &str = r#"{
        "Name": "sales", "Description": "Loads sales", "Role": "r", "CreatedOn": 0,
        "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"},
        "DefaultArguments": {
            "--day": "2026-11-01", "--limit": "10", "--share": "0.5", "--full": "True", "--none": "",
            "--TempDir": "s3://b/t", "--job-language": "python", "--job-bookmark-option": "x",
            "--enable-metrics": "true", "--extra-py-files": "s", "--conf": "c",
            "--fixed": "1", "--null": null
        },
        "NonOverridableArguments": {"--fixed": "2"},
        "WorkerType": "G.1X", "NumberOfWorkers": 4, "GlueVersion": "5.0", "Timeout": 480,
        "MaxRetries": 2, "CodeGenConfigurationNodes": {"a": {}}
    }"#;

    fn sales() -> DiscoveredJob {
        let host = FakeHost::answering([(200, format!(r#"{{"Job": {SALES}}}"#).as_str())]);
        let job = GlueJob::inspect(host.on(&connection(&[])), "sales").unwrap();
        assert_eq!(host.bodies(), [r#"{"JobName":"sales"}"#]);
        job
    }

    #[test]
    fn the_default_arguments_without_glues_own_are_suggested_with_inferred_types() {
        let job = sales();
        let parameters: Vec<_> = job
            .parameters
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.data_type.as_str(),
                    p.default_value.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            parameters,
            [
                ("--day", "string", Some("2026-11-01")),
                ("--full", "boolean", Some("True")),
                ("--limit", "integer", Some("10")),
                ("--none", "string", None),
                ("--null", "string", None),
                ("--share", "float", Some("0.5")),
            ]
        );
        assert!(job.parameters.iter().all(|parameter| !parameter.required));
    }

    #[test]
    fn the_settings_that_a_start_takes_are_suggested_and_the_others_shown() {
        let job = sales();
        assert_eq!(
            job.attributes,
            list(&[
                ("worker-type", "G.1X"),
                ("number-of-workers", "4"),
                ("glue-version", "5.0"),
                ("timeout-minutes", "480"),
            ])
        );
        assert_eq!(
            job.details,
            list(&[
                ("role", "r"),
                ("max-retries", "2"),
                ("created-at", "1970-01-01T00:00:00Z"),
            ])
        );
        assert_eq!(
            (job.name.as_str(), job.external_id.as_str()),
            ("sales", "sales")
        );
        assert_eq!(job.description.as_deref(), Some("Loads sales"));
        assert_eq!(job.job_type, "AWS Glue Job");
    }

    #[test]
    fn settings_that_a_start_would_refuse_are_not_suggested() {
        let job = r#"{"Job": {"Name": "a", "WorkerType": "X.9", "NumberOfWorkers": 0, "GlueVersion": "0.9",
            "Timeout": -1, "DefaultArguments": [1]}}"#;
        let host = FakeHost::answering([(200, job)]);
        let job = GlueJob::inspect(host.on(&connection(&[])), "a").unwrap();
        assert_eq!(job.attributes, list(&[("glue-version", "0.9")]));
        assert_eq!(job.parameters, []);
    }

    #[test]
    fn a_definition_without_a_name_is_that_of_the_job_that_was_asked_for() {
        for definition in ["{}", r#"{"Name": null}"#, r#"{"Name": ""}"#] {
            let body = format!(r#"{{"Job": {definition}}}"#);
            let host = FakeHost::answering([(200, body.as_str())]);
            let job = GlueJob::inspect(host.on(&connection(&[])), "sales").unwrap();
            assert_eq!(
                (job.name, job.external_id),
                ("sales".into(), "sales".into())
            );
        }
    }

    #[test]
    fn a_page_of_jobs_takes_one_request_and_leads_to_the_next() {
        let body = format!(r#"{{"Jobs": [{SALES}, null, {{}}], "NextToken": "t"}}"#);
        let host = FakeHost::answering([(200, body.as_str()), (200, r#"{"Jobs": []}"#)]);
        let page = GlueJob::discover(host.on(&connection(&[])), None).unwrap();
        assert_eq!(page.jobs, [sales()]);
        let next =
            GlueJob::discover(host.on(&connection(&[])), page.next_cursor.as_deref()).unwrap();
        assert_eq!((next.jobs, next.next_cursor), (vec![], None));
        assert_eq!(
            host.bodies(),
            [
                r#"{"MaxResults":100}"#,
                r#"{"MaxResults":100,"NextToken":"t"}"#
            ]
        );
    }

    #[test]
    fn a_page_that_is_more_than_the_host_takes_is_asked_for_in_parts() {
        let too_large = || lost(ErrorKind::BodyTooLarge);
        let host = FakeHost::with_answers([too_large(), too_large(), ok(r#"{"Jobs": []}"#)]);
        GlueJob::discover(host.on(&connection(&[])), None).unwrap();
        assert_eq!(host.bodies()[2], r#"{"MaxResults":25}"#);
    }

    #[test]
    fn a_job_that_is_not_there_and_a_name_that_is_none_are_errors() {
        let host = FakeHost::with_answers([refusal("EntityNotFoundException")]);
        let error = GlueJob::inspect(host.on(&connection(&[])), "gone").unwrap_err();
        assert_eq!(error.class, ErrorClass::NotFound);
        assert!(error.hint.contains("no such job"));
        let error = GlueJob::inspect(host.on(&connection(&[])), "").unwrap_err();
        assert_eq!(error.code, "InvalidExternalId");
        let host = FakeHost::answering([(200, "{}")]);
        let error = GlueJob::inspect(host.on(&connection(&[])), "a").unwrap_err();
        assert_eq!(error.code, "UnreadableResponse");
    }
}
