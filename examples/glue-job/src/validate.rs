//! Reads a job as a start sends it, and finds what is wrong with it without asking Glue.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use aws_kit::platform::Endpoints;
use job_type_kit::contract::{
    Attribute, Connection, DeclaredParameter, Error, Finding, Job, Severity,
};
use job_type_kit::declared_parameters::{self, Declarer};
use job_type_kit::{FindingCode, Findings, inputs};

use crate::api::StartJobRun;
use crate::attributes::{GLUE_VERSION, NUMBER_OF_WORKERS, TIMEOUT, WORKER_TYPE, job_name, of_jobs};
use crate::service::PLATFORM;

/// Glue takes any argument, and the types are inferred: what differs from the definition may be right.
const DEFINITION: Declarer = Declarer {
    name: "job's definition",
    sent_as: argument,
    severity: Severity::Warning,
};

/// Everything that is wrong, errors first. The parameters are compared with `declared`, the default
/// arguments of the definition, where these are given.
pub fn validate(
    connection: &Connection,
    job: &Job,
    declared: Option<&[DeclaredParameter]>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    read(connection, job, &mut findings);
    if let Some(declared) = declared {
        declared_parameters::check(DEFINITION, &job.parameters, declared, &mut findings);
    }
    findings.into_sorted()
}

/// Where to send the request that starts a job, and the request.
///
/// # Errors
/// `InvalidJob`, whose message lists everything that is wrong.
pub fn plan(connection: &Connection, job: &Job) -> Result<(Endpoints, StartJobRun), Error> {
    let mut findings = Findings::default();
    let plan = read(connection, job, &mut findings);
    let hint = "Nothing was sent to AWS Glue. Correct the job or the connection, and try again.";
    findings.finish(plan, "InvalidJob", hint)
}

fn read(
    connection: &Connection,
    job: &Job,
    findings: &mut Findings,
) -> Option<(Endpoints, StartJobRun)> {
    let endpoints = PLATFORM.read(connection, findings);
    if let Some(wrong) = job_name(&job.external_id) {
        findings.problem("external-id", wrong);
    }
    findings.attributes("", &job.attributes, of_jobs);
    let given = |key| Attribute::find_or_default(&job.attributes, &connection.attributes, key);
    let number = |key| given(key)?.trim().parse().ok();
    let mut arguments = arguments(job, findings);
    if let (Some(argument), Some(version)) = (argument(GLUE_VERSION), given(GLUE_VERSION)) {
        let argument = arguments.entry(argument.into_owned());
        argument.or_insert_with(|| version.to_owned());
    }
    let request = StartJobRun {
        job_name: job.external_id.clone(),
        arguments,
        worker_type: given(WORKER_TYPE).map(str::to_owned),
        number_of_workers: number(NUMBER_OF_WORKERS),
        timeout: number(TIMEOUT),
    };
    Some((endpoints?, request))
}

/// The arguments that a job's inputs give.
fn arguments(job: &Job, findings: &mut Findings) -> BTreeMap<String, String> {
    let own_version = Attribute::find(&job.attributes, GLUE_VERSION).and(argument(GLUE_VERSION));
    let mut arguments = BTreeMap::new();
    for input in inputs::of_a_platform_without_outputs("Glue jobs", &job.parameters, findings) {
        let Some(name) = argument(input.name) else {
            continue;
        };
        if name == "--" {
            findings.error(FindingCode::Empty, input.field(), "needs a name");
        }
        if own_version.as_ref() == Some(&name) {
            let message = "can't be given together with the attribute glue-version; leave one out";
            findings.error(FindingCode::NotTogether, input.field(), message);
        }
        let place = arguments.entry(name.into_owned());
        if let Entry::Occupied(place) = &place {
            let message = format!("gives the argument {} once more", place.key());
            findings.error(FindingCode::Duplicate, input.field(), message);
        }
        place.or_insert_with(|| input.value.to_owned());
    }
    arguments
}

/// The name of the argument that a parameter becomes. `None` for the orchestrator's own parameters.
fn argument(name: &str) -> Option<Cow<'_, str>> {
    match name {
        _ if name.starts_with('_') => None,
        _ if name.starts_with("--") => Some(name.into()),
        _ => Some(["--", name].concat().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{connection, job, parameter};
    use job_type_kit::contract::Direction;

    fn found(job: &Job, declared: Option<&[DeclaredParameter]>) -> Vec<String> {
        let findings = validate(&connection(&[]), job, declared);
        let line = |finding: Finding| {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            format!("{severity} {} {}", finding.code, finding.field)
        };
        findings.into_iter().map(line).collect()
    }

    fn sent(connection_defaults: &[(&str, &str)], job: &Job) -> StartJobRun {
        plan(&connection(connection_defaults), job).unwrap().1
    }

    #[test]
    fn inputs_become_arguments_with_dashes_and_the_orchestrators_own_are_not_sent() {
        let mut job = job(
            &[],
            &[("day", "2026-11-01"), ("--limit", ""), ("_guid", "x")],
        );
        job.parameters.extend([
            parameter("both", Direction::InputOutput, Some("1")),
            parameter("out", Direction::Output, Some("1")),
            parameter("default", Direction::Input, None),
        ]);
        let arguments: Vec<_> = sent(&[], &job).arguments.into_iter().collect();
        let expected = [("--both", "1"), ("--day", "2026-11-01"), ("--limit", "")];
        assert_eq!(
            arguments,
            expected.map(|(n, v)| (n.to_owned(), v.to_owned()))
        );
        assert_eq!(
            found(&job, None),
            [
                "warning OutputNotUpdated parameters.both",
                "warning OutputIgnored parameters.out",
            ]
        );
    }

    #[test]
    fn the_glue_version_is_an_argument_that_an_input_may_give_in_place_of_the_default() {
        let defaults = [("default-glue-version", "4.0")];
        let version = |job: &Job| sent(&defaults, job).arguments["--glue-version"].clone();
        assert_eq!(version(&job(&[], &[])), "4.0");
        assert_eq!(version(&job(&[("glue-version", "5.0")], &[])), "5.0");
        let input = ("glue-version", "5.1");
        assert_eq!(version(&job(&[], &[input])), "5.1");
        let both = job(&[("glue-version", "5.0")], &[input]);
        assert_eq!(
            found(&both, None),
            ["error NotTogether parameters.glue-version"]
        );
    }

    #[test]
    fn what_is_wrong_with_a_job_is_found_at_once_and_nothing_is_sent() {
        let mut wrong = job(
            &[("worker-type", "huge"), ("colour", "red")],
            &[("a", "1"), ("--a", "2"), ("", "3")],
        );
        wrong.external_id = "a\tb".to_owned();
        assert_eq!(
            found(&wrong, None),
            [
                "error InvalidCharacters external-id",
                "error NotAllowed attributes.worker-type",
                "error Duplicate parameters.--a",
                "error Empty parameters.",
                "warning UnknownAttribute attributes.colour",
            ]
        );
        let error = plan(&connection(&[]), &wrong).unwrap_err();
        assert_eq!(error.code, "InvalidJob");
        let no_character = "a\u{ffff}".to_owned();
        for name in [String::new(), "x".repeat(256), no_character] {
            assert!(job_name(&name).is_some());
        }
        assert_eq!(job_name("Sales / daily é"), None);
    }

    #[test]
    fn what_differs_from_the_definitions_arguments_is_a_warning_because_glue_takes_any() {
        let declared = |name: &str, data_type: &str| DeclaredParameter {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            required: false,
            default_value: None,
            allowed_values: Vec::new(),
            description: None,
        };
        let declared = [declared("--limit", "integer"), declared("--day", "string")];
        let good = job(&[], &[("limit", "3"), ("--day", "x"), ("_own", "y")]);
        assert_eq!(found(&good, Some(&declared)), [""; 0]);
        let odd = job(&[], &[("limit", "all"), ("dya", "x")]);
        assert_eq!(
            found(&odd, Some(&declared)),
            [
                "warning NotAnInteger parameters.limit",
                "warning NotDeclared parameters.dya",
            ]
        );
    }
}
