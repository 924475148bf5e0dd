//! The API model, cut from botocore 1.44.8, against what the job type sends and knows.

use job_type_kit::contract::{ErrorClass, RunState};
use serde_json::Value;

use crate::api::{JobRun, RUNS};
use crate::service::GLUE;
use crate::testing::refused;
use crate::{attributes, status};

mod answers;
mod jobs;
mod requests;
mod subject;

const MODEL: &str = include_str!("../model/glue-model.json");

fn model() -> Value {
    serde_json::from_str(MODEL).unwrap()
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
