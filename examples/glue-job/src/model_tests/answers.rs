//! The job type reads every answer that the models allow.

use super::subject::subject;
use crate::GlueJob;
use crate::testing::{connection, guid, ok, run};
use job_type_kit::JobType;
use job_type_kit::contract::http::Request;
use job_type_kit::contract::{CancelOutcome, ErrorClass};
use job_type_kit::testing::FakeHost;
use model_checks::cases;
use serde_json::{Value, json};

/// Answers to an operation, each with a host that gives it, and to other operations an empty one.
fn answers(count: u32, operation: &'static str) -> impl Iterator<Item = (Value, FakeHost)> {
    let bodies = cases(count, subject().api.answers(operation));
    bodies.map(move |body| {
        let text = body.to_string();
        let host = FakeHost::answering_by(move |request| match is_for(request, operation) {
            true => ok(&text),
            false => ok("{}"),
        });
        (body, host)
    })
}

fn is_for(request: &Request, operation: &str) -> bool {
    let target = format!("AWSGlue.{operation}");
    request.headers.iter().any(|header| header.value == target)
}

/// A member, unless it is absent or null.
fn text<'a>(body: &'a Value, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

fn objects<'a>(body: &'a Value, member: &str) -> Vec<&'a Value> {
    let list = body.get(member).and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter(|element| element.is_object()).collect()
}

fn milliseconds(body: &Value, member: &str) -> Option<u64> {
    let seconds = body.get(member).and_then(Value::as_f64);
    seconds
        .filter(|seconds| *seconds >= 0.0)
        .map(|seconds| (seconds * 1000.0).round() as u64)
}

#[test]
fn every_answer_that_the_models_allow_is_read() {
    let operations = subject().every_answer_is_read::<GlueJob>(100);
    let of_glue_and_of_logs = [
        "BatchStopJobRun",
        "FilterLogEvents",
        "GetJob",
        "GetJobRun",
        "GetJobRuns",
        "GetJobs",
        "StartJobRun",
    ];
    assert_eq!(operations, of_glue_and_of_logs);
}

#[test]
fn every_run_gives_its_state_and_times() {
    let mut read = 0;
    for (body, host) in answers(500, "GetJobRun") {
        let Some(job_run) = body.get("JobRun").filter(|run| run.is_object()) else {
            continue;
        };
        let status = GlueJob::status(host.on(&connection(&[])), &run("sales/jr_1")).unwrap();
        let word = text(job_run, "JobRunState").unwrap_or_default();
        assert_eq!(status.platform_status, word, "{body}");
        let times = ["StartedOn", "LastModifiedOn"].map(|name| milliseconds(job_run, name));
        assert_eq!([status.started_at, status.updated_at], times, "{body}");
        read += 1;
    }
    assert!(read > 200, "{read}");
}

#[test]
fn every_page_of_jobs_gives_those_that_have_a_name() {
    for (body, host) in answers(100, "GetJobs") {
        let page = GlueJob::discover(host.on(&connection(&[])), None).unwrap();
        let found: Vec<_> = page.jobs.iter().map(|job| &*job.external_id).collect();
        let jobs = objects(&body, "Jobs").into_iter();
        let named: Vec<_> = jobs.filter_map(|job| text(job, "Name")).collect();
        assert_eq!(found, named, "{body}");
        let token = text(&body, "NextToken").filter(|token| !token.is_empty());
        assert_eq!(page.next_cursor, token.map(|token| format!("2.{token}")));
    }
}

#[test]
fn every_definition_of_a_job_gives_a_job_also_one_without_a_name() {
    let mut nameless = 0;
    for (body, host) in answers(300, "GetJob") {
        let Some(definition) = body.get("Job").filter(|job| job.is_object()) else {
            continue;
        };
        let job = GlueJob::inspect(host.on(&connection(&[])), "sales").unwrap();
        let name = text(definition, "Name").unwrap_or("sales");
        assert_eq!(job.name, name, "{body}");
        nameless += usize::from(text(definition, "Name").is_none());
    }
    assert!(nameless > 10, "{nameless}");
}

#[test]
fn every_answer_to_a_stop_says_whether_the_run_is_refused() {
    for (mut body, host) in answers(300, "BatchStopJobRun") {
        let cancelled = GlueJob::cancel(host.on(&connection(&[])), &run("sales/jr_1"), &guid());
        let refusals = objects(&body, "Errors");
        match (refusals.first(), cancelled) {
            (None, Ok(stop)) => assert_eq!(stop.outcome, CancelOutcome::Requested),
            (Some(refusal), Err(error)) => {
                let detail = refusal.get("ErrorDetail").cloned().unwrap_or_default();
                let code = text(&detail, "ErrorCode").unwrap_or("NotStopped");
                assert_eq!(error.code, code, "{refusal}");
            }
            (_, cancelled) => panic!("{cancelled:?}: {}", body.take()),
        }
    }
}

#[test]
fn every_list_of_runs_is_read_where_it_is_not_known_what_came_of_a_start() {
    let mut candidates = 0;
    for (body, host) in answers(100, "GetJobRuns") {
        let job = crate::testing::job(&[], &[]);
        let error = GlueJob::start(host.on(&connection(&[])), &job, &guid()).unwrap_err();
        assert_eq!(error.class, ErrorClass::Uncertain);
        assert!(!host.logged("can't be listed"), "{body}");
        candidates += error.details.len();
    }
    assert!(candidates > 2, "{candidates}");
}

#[test]
fn each_run_of_a_list_has_the_state_that_the_list_gives() {
    for (mut body, _) in answers(100, "GetJobRuns") {
        let list = body.get_mut("JobRuns").and_then(Value::as_array_mut);
        let mut list: Vec<_> = list
            .into_iter()
            .flatten()
            .filter(|it| it.is_object())
            .collect();
        for (n, job_run) in list.iter_mut().enumerate() {
            job_run["Id"] = json!(format!("jr_{n}"));
        }
        let words: Vec<_> = list
            .iter()
            .map(|it| text(it, "JobRunState").unwrap_or_default().to_owned())
            .collect();
        if words.len() < 2 {
            continue;
        }
        let runs: Vec<_> = (0..words.len())
            .map(|n| run(&format!("sales/jr_{n}")))
            .collect();
        let host = FakeHost::answering([(200, body.to_string().as_str())]);
        let statuses = GlueJob::statuses(host.on(&connection(&[])), &runs).into_iter();
        let found: Vec<_> = statuses.map(|it| it.unwrap().platform_status).collect();
        assert_eq!(found, words);
    }
}
