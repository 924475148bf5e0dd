//! `run`: a run followed to its end, with an exit code for each outcome.

use std::io;
use std::process::Stdio;

use sagemaker_emulator::{ExecutionStatus, Fault, FaultKind, Operation};
use serde_json::Value;
use test_support::process;

use crate::running::Running;
use crate::support::{LIMIT, STEP, Stage, assert_in_order};

fn follow(external_id: &str) -> Vec<&str> {
    vec!["run", "-e", external_id, "--poll-interval", "50ms"]
}

#[test]
fn a_run_that_succeeds_is_shown_in_lines_with_times_and_ends_with_exit_code_0() {
    let (stage, clock) = Stage::with_clock();
    let mut tool = Running::new(stage.command(&follow("one-step")));
    tool.until("● Work");
    clock.advance(STEP);
    let ended = tool.end();
    assert_in_order(
        ended.text(0),
        &[
            "Z  starting one-step with --guid ",
            "Z  started arn:aws:sagemaker:eu-west-1:",
            "Z  monitor https://",
            "Z  run is running (Executing)\n",
            "Z  ● Work  ProcessingJob  Executing",
            "Z  ✓ Work  ProcessingJob  Succeeded",
            "\nThe run succeeded after 10s (Succeeded)\n",
        ],
    );
    assert_eq!(ended.stderr, "");
}

#[test]
fn a_run_that_fails_is_shown_with_failed_step_and_reason_and_ends_with_exit_code_3() {
    let ended = Stage::new().tool(&follow("churn-training-fails"));
    assert_in_order(
        ended.text(3),
        &[
            "✗ TrainModel  ",
            "\nThe run failed after ",
            "\nFailed steps\n✗ TrainModel  TrainingJob  Failed",
            "reason ",
            "Out of memory",
            "\nrun ",
            "monitor  https://",
        ],
    );
}

#[test]
fn a_run_that_somebody_else_cancels_ends_with_exit_code_4() {
    let stage = Stage::new();
    stage
        .emulator
        .set_ending("one-step", ExecutionStatus::Stopped);
    let ended = stage.tool(&follow("one-step"));
    assert_in_order(
        ended.text(4),
        &["\nThe run was cancelled after ", " (Stopped)"],
    );
}

#[test]
fn a_run_that_ends_in_an_unknown_state_ends_with_exit_code_5() {
    let stage = Stage::new();
    stage
        .emulator
        .set_ending("one-step", ExecutionStatus::CompletedWithFailures);
    let ended = stage.tool(&follow("one-step"));
    assert_in_order(
        ended.text(5),
        &[
            "\nThe run ended in an unknown state",
            "CompletedWithFailures",
        ],
    );
}

#[test]
fn as_json_a_run_is_one_event_a_line_and_an_error_that_passes_is_one_of_them() {
    let (stage, clock) = Stage::with_clock();
    let listing = Fault::new(FaultKind::Error {
        status: 400,
        code: "AccessDeniedException".to_owned(),
        message: "not for you".to_owned(),
    });
    stage
        .emulator
        .inject(listing.on(Operation::ListPipelineExecutionSteps).times(1));
    let options = [follow("one-step"), vec!["--json", "--output", "Out"]].concat();
    let mut tool = Running::new(stage.command(&options));
    tool.until(r#""event":"error""#);
    clock.advance(STEP);
    let events = tool.end().events(0);

    let names: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "finding", "starting", "started", "status", "error", "finished"
        ]
    );
    assert!(
        events
            .iter()
            .all(|event| event["at"].as_str().unwrap().ends_with('Z'))
    );
    assert_eq!(events[0]["field"], "parameters.Out");
    assert_eq!(events[1]["guid"], events[2]["guid"]);
    assert_eq!(events[3]["state"], "running");
    assert_eq!(events[4]["doing"], "listing the steps");
    assert_eq!(events[4]["error"]["code"], "AccessDeniedException");
    assert_eq!(events[4]["exitCode"], Value::Null);
    assert_eq!(events[4]["plugin"]["generation"], 1);
    for event in &events {
        assert_eq!(event["guid"], events[0]["guid"], "{event}");
        assert_eq!(event["externalId"], "one-step", "{event}");
        assert_eq!(event["origin"], "the command line", "{event}");
    }
    let finished = &events[5];
    assert_eq!(finished["runId"], events[2]["runId"]);
    assert_eq!(
        (
            &finished["exitCode"],
            &finished["state"],
            &finished["finished"]
        ),
        (&0.into(), &"success".into(), &true.into())
    );
}

#[test]
fn without_a_reader_of_the_guid_nothing_is_started() {
    let stage = Stage::new();
    // The check opens the connection, so that nothing delays the request that would start a run.
    let mut command = stage.command(&[follow("one-step"), vec!["--check-declared"]].concat());
    let (reader, stdout) = io::pipe().unwrap();
    drop(reader);
    let mut tool = command
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = process::wait(&mut tool, LIMIT).unwrap();
    assert_eq!(status.code(), Some(1));
    let operations: Vec<_> = stage
        .emulator
        .requests()
        .iter()
        .map(|r| r.operation)
        .collect();
    assert_eq!(operations, [Some(Operation::DescribePipeline)]);
}
