//! The job type as the checks by the models take it.

use super::MODEL;
use crate::testing::{connection, job, run};
use model_checks::{Api, Passed, Subject};
use serde_json::Value;

const LOGS_MODEL: &str = include_str!("../../../../sagemaker-emulator/model/logs-model.json");

/// A cursor of the log of a run, whose group Glue named.
const LOG_CURSOR: &str = r#"{"places": [{"group": "/aws-glue/jobs/output", "prefix": "jr_1",
    "until": 1793534000000, "token": "t", "delivered": [0, 0]}]}"#;

/// With everything that a start can send.
pub(super) fn subject() -> Subject {
    let attributes = [
        ("worker-type", "G.1X"),
        ("number-of-workers", "2"),
        ("timeout-minutes", "1"),
        ("glue-version", "5.0"),
    ];
    let api = Api::of([MODEL, LOGS_MODEL])
        // A request has 25 runs at the most, and an answer an error for each.
        .with_longest("BatchStopJobRunErrorList", 25)
        .with_empty("CodeGenConfigurationNode");
    Subject {
        api,
        connection: connection(&[]),
        passed: Passed {
            external_id: "sales".to_owned(),
            job: job(&attributes, &[("day", "1")]),
            runs: vec![run("sales/jr_1"), run("sales/jr_2"), run("other/jr_1")],
            step: "run".to_owned(),
            cursor: None,
            log_cursor: LOG_CURSOR.to_owned(),
        },
        usual,
        says_enough,
    }
}

fn usual(operation: &str) -> &'static str {
    match operation {
        "GetJob" => r#"{"Job": {"Name": "sales"}}"#,
        "GetJobRun" => r#"{"JobRun": {"JobRunState": "RUNNING", "StartedOn": 1793534000}}"#,
        "StartJobRun" => r#"{"JobRunId": "jr_1"}"#,
        _ => "{}",
    }
}

/// Whether an answer has the job or the run that was asked for. A run's id has to be one of Glue's own.
fn says_enough(operation: &str, answer: &Value) -> bool {
    match operation {
        "GetJob" => answer["Job"].is_object(),
        "GetJobRun" => answer["JobRun"].is_object(),
        "StartJobRun" => {
            let id = answer["JobRunId"].as_str();
            id.is_some_and(|id| !id.contains(|c: char| c == '/' || c.is_control()))
        }
        _ => true,
    }
}
