//! The API model, cut from botocore 1.44.8, against what the job type sends and knows.

use std::collections::BTreeMap;

use job_type_kit::JobType;
use job_type_kit::contract::http::Request;
use job_type_kit::contract::{ErrorClass, LogPosition, RunState};
use job_type_kit::testing::FakeHost;
use serde_json::Value;

use crate::api::{JobRun, RUNS};
use crate::service::GLUE;
use crate::testing::{connection, guid, job, ok, refused, run};
use crate::{GlueJob, attributes, status};

fn model() -> Value {
    serde_json::from_str(include_str!("../model/glue-model.json")).unwrap()
}

fn words(shape: &str) -> Vec<String> {
    let words = model()["shapes"][shape]["enum"].clone();
    serde_json::from_value(words).unwrap()
}

#[test]
fn the_worker_types_are_those_of_the_model() {
    let mut allowed = attributes::of_jobs().remove(0).allowed_values;
    let mut words = words("WorkerType");
    allowed.sort();
    words.sort();
    assert_eq!(allowed, words);
}

#[test]
fn every_state_of_the_model_is_known() {
    for word in words("JobRunState") {
        let run = JobRun {
            job_run_state: Some(word.clone()),
            ..JobRun::default()
        };
        assert_ne!(status::state(&run).0, RunState::Unknown, "{word}");
    }
}

#[test]
fn every_error_of_every_operation_has_a_class() {
    let model = model();
    for (operation, shape) in model["operations"].as_object().unwrap() {
        for error in shape["errors"].as_array().unwrap() {
            let code = error["shape"].as_str().unwrap();
            let error = GLUE.contract_error(operation, refused(code));
            assert_ne!(error.class, ErrorClass::Other, "{code}");
            assert!(!error.hint.is_empty(), "{code}");
        }
    }
}

#[test]
fn a_page_of_runs_has_as_many_as_the_model_allows() {
    assert_eq!(model()["shapes"]["OrchestrationPageSize200"]["max"], RUNS);
}

/// The bodies of all requests to Glue, by operation.
fn sent() -> BTreeMap<String, Value> {
    let host = FakeHost::answering_by(|request| match operation(request).as_str() {
        "GetJobRun" => ok(r#"{"JobRun": {"JobRunState": "RUNNING"}}"#),
        "GetJob" => ok(r#"{"Job": {"Name": "sales"}}"#),
        "StartJobRun" => ok(r#"{"JobRunId": "jr_1"}"#),
        _ => ok("{}"),
    });
    let connection = connection(&[]);
    let full = job(
        &[
            ("worker-type", "G.1X"),
            ("number-of-workers", "2"),
            ("timeout-minutes", "1"),
            ("glue-version", "5.0"),
        ],
        &[("day", "1")],
    );
    let run = run("sales/jr_1");
    GlueJob::discover(host.on(&connection), Some("2.token")).unwrap();
    GlueJob::inspect(host.on(&connection), "sales").unwrap();
    GlueJob::start(host.on(&connection), &full, &guid()).unwrap();
    GlueJob::statuses(
        host.on(&connection),
        &[run.clone(), crate::testing::run("sales/jr_2")],
    );
    GlueJob::cancel(host.on(&connection), &run, &guid()).unwrap();
    drop(GlueJob::logs(
        host.on(&connection),
        &run,
        "run",
        &LogPosition::Oldest,
    ));
    let requests = host.requests.borrow();
    let glue = requests
        .iter()
        .filter(|request| request.url.contains("glue."));
    let body = |request: &Request| serde_json::from_slice(&request.body).unwrap();
    glue.map(|request| (operation(request), body(request)))
        .collect()
}

fn operation(request: &Request) -> String {
    let header = request.headers.iter().find(|h| h.name == "x-amz-target");
    let target = header.unwrap().value.as_str();
    target.rsplit('.').next().unwrap_or(target).to_owned()
}

#[test]
fn every_request_has_the_members_that_the_model_requires_and_no_others() {
    let (model, sent) = (model(), sent());
    let operations: Vec<_> = sent.keys().map(String::as_str).collect();
    assert_eq!(
        operations,
        [
            "BatchStopJobRun",
            "GetJob",
            "GetJobRun",
            "GetJobRuns",
            "GetJobs",
            "StartJobRun"
        ]
    );
    for (operation, body) in &sent {
        let shape = model["operations"][operation]["input"]["shape"]
            .as_str()
            .unwrap();
        let shape = &model["shapes"][shape];
        for member in body.as_object().unwrap().keys() {
            assert!(
                shape["members"].get(member).is_some(),
                "{operation}: {member}"
            );
        }
        for required in shape["required"].as_array().into_iter().flatten() {
            assert!(
                body.get(required.as_str().unwrap()).is_some(),
                "{operation}: {required}"
            );
        }
    }
}
