//! Ctrl-C during `run`: the first cancels the run, the second leaves it to itself.
#![cfg(unix)]

use std::time::Duration;

use sagemaker_emulator::Operation;
use serde_json::Value;

use crate::running::Running;
use crate::support::{GUID, Stage, assert_in_order};

#[test]
fn the_first_ctrl_c_cancels_the_run_and_follows_it_to_its_end() {
    let stage = Stage::new();
    let run = [
        "run",
        "-e",
        "waiting",
        "--poll-interval",
        "50ms",
        "--guid",
        GUID,
    ];
    let mut tool = Running::new(stage.command(&run));
    tool.until("started arn:");
    tool.interrupt();
    let ended = tool.end();
    assert_in_order(
        ended.text(4),
        &[
            "started arn:",
            "interrupted: cancelling the run; interrupt again to leave it to itself\n",
            "cancelling: ",
            "\nThe run was cancelled after ",
        ],
    );
    let requests = stage.emulator.requests();
    let stops: Vec<_> = requests
        .iter()
        .filter(|request| request.operation == Some(Operation::StopPipelineExecution))
        .collect();
    assert_eq!(stops.len(), 1);
    // A wish has a GUID of its own: after a retry, the run's own would be that of an earlier wish.
    let token = stops[0].body["ClientRequestToken"].as_str().unwrap();
    let guid = token.strip_prefix("polysync-cancel-").unwrap();
    assert_eq!(guid.len(), GUID.len());
    assert_ne!(guid, GUID);
}

#[test]
fn the_second_ctrl_c_leaves_a_run_that_does_not_stop_and_says_how_to_see_its_status() {
    let stage = Stage::with(|emulator| emulator.callback_stop_duration(Duration::from_secs(3600)));
    let run = ["run", "-e", "waiting", "--poll-interval", "50ms", "--json"];
    let mut tool = Running::new(stage.command(&run));
    tool.until(r#""event":"started""#);
    tool.interrupt();
    tool.until(r#""event":"cancelling""#);
    tool.interrupt();
    let ended = tool.end();
    let events = ended.events(1);
    let find = |name: &str| events.iter().find(|event| event["event"] == name).unwrap();
    assert_eq!(find("cancelling")["outcome"], "requested");
    let left = events.last().unwrap();
    assert_eq!(
        (&left["event"], &left["exitCode"]),
        (&Value::from("left"), &1.into())
    );
    assert_eq!(left["runId"], find("started")["runId"]);
    let status = format!(
        "polysync-harness status {} --external-id waiting",
        left["runId"].as_str().unwrap()
    );
    assert_in_order(
        &ended.stderr,
        &["The run goes on. See its status with\n  ", &status],
    );
}
