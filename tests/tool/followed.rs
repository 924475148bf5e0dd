//! `follow`: a run that was started elsewhere, by its id alone.
#![cfg(unix)]

use serde_json::Value;

use crate::running::Running;
use crate::support::{STEP, Stage, assert_in_order};

/// Starts a run without waiting for it, and returns its id.
fn start(stage: &Stage, external_id: &str) -> String {
    let started = stage.tool(&["start", "-e", external_id, "--json"]).json(0);
    started["runId"].as_str().unwrap().to_owned()
}

#[test]
fn a_run_is_followed_to_its_end_by_its_id_as_run_does_after_its_start() {
    let (stage, clock) = Stage::with_clock();
    let run_id = &start(&stage, "one-step");
    let follow = ["follow", run_id, "--poll-interval", "50ms"];
    let mut tool = Running::new(stage.command(&follow));
    tool.until("● Work");
    clock.advance(STEP);
    let ended = tool.end();
    assert_in_order(
        ended.text(0),
        &[
            &format!("Z  following {run_id}\n"),
            "Z  monitor https://",
            "Z  run is running (Executing)\n",
            "Z  ● Work  ProcessingJob  Executing",
            "Z  ✓ Work  ProcessingJob  Succeeded",
            "\nThe run succeeded after 10s (Succeeded)\n",
            "monitor  https://",
        ],
    );
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_run_that_is_over_already_has_the_exit_code_of_its_end() {
    let stage = Stage::new();
    let run_id = start(&stage, "churn-training-fails");
    let ended = stage.tool(&["follow", &run_id, "--poll-interval", "50ms"]);
    assert_in_order(ended.text(3), &["\nThe run failed after ", "Out of memory"]);
    let again = stage.tool(&["follow", &run_id, "--json"]).events(3);
    let names: Vec<_> = again.iter().map(|event| &event["event"]).collect();
    assert_eq!(names.first().unwrap(), &"following");
    assert_eq!(names.last().unwrap(), &"finished");
    for event in &again {
        assert_eq!(event["runId"], *run_id, "{event}");
        assert_eq!(
            (&event["guid"], &event["externalId"]),
            (&Value::Null, &Value::Null)
        );
    }
}

#[test]
fn ctrl_c_leaves_a_followed_run_to_itself() {
    let stage = Stage::new();
    let run_id = &start(&stage, "waiting");
    let mut tool = Running::new(stage.command(&["follow", run_id, "--poll-interval", "50ms"]));
    tool.until("run is running");
    tool.interrupt();
    let ended = tool.end();
    ended.text(1);
    let status = format!("polysync-harness status {run_id} --component ");
    assert_in_order(&ended.stderr, &["The run goes on. ", &status]);
    let status = stage.tool(&["status", run_id, "--json"]).json(0);
    assert_eq!(status["state"], "running");
}

#[test]
fn a_run_that_the_platform_does_not_have_is_an_error() {
    let stage = Stage::new();
    let run_id =
        "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step/execution/abcdefghijkl";
    let ended = stage.tool(&["follow", run_id]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_in_order(&ended.stderr, &["error: ResourceNotFound: "]);
    assert!(!ended.stderr.contains("goes on"), "{ended:?}");
}
