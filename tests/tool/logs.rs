//! What the steps of a run wrote: `logs`, and the last lines below a failure.
#![cfg(unix)]

use std::io;
use std::process::Stdio;

use sagemaker_emulator::{Fault, FaultKind, Operation};
use serde_json::Value;
use test_support::process;

use crate::running::Running;
use crate::support::{LIMIT, STEP, Stage, assert_in_order, assert_members};

const FAILS: &str = "churn-training-fails";

/// Runs the pipeline that fails to its end, and returns the run's id.
fn failed_run(stage: &Stage) -> String {
    let run = ["run", "-e", FAILS, "--poll-interval", "50ms", "--json"];
    let events = stage.tool(&run).events(3);
    let finished = events.last().unwrap();
    finished["runId"].as_str().unwrap().to_owned()
}

/// Starts `one-step` without waiting for it, and returns the run's id.
fn started_run(stage: &Stage) -> String {
    let started = stage.tool(&["start", "-e", "one-step", "--json"]).json(0);
    started["runId"].as_str().unwrap().to_owned()
}

fn logs_are_denied(stage: &Stage) {
    let denied = || {
        Fault::new(FaultKind::Error {
            status: 400,
            code: "AccessDeniedException".to_owned(),
            message: "not for you".to_owned(),
        })
    };
    for operation in [
        Operation::FilterLogEvents,
        Operation::GetLogEvents,
        Operation::DescribeLogStreams,
    ] {
        stage.emulator.inject(denied().on(operation));
    }
}

#[test]
fn the_log_of_the_step_that_failed_says_why_by_one_command() {
    let stage = Stage::new();
    let run_id = &failed_run(&stage);
    let ended = stage.tool(&["logs", run_id]);
    let log = ended.text(0);
    assert_in_order(
        log,
        &[
            "Z  INFO     Training of step TrainModel starts\n",
            "Z  Traceback (most recent call last):\n",
            "Out of memory",
        ],
    );
    assert_eq!(ended.stderr, "");
    let tail = stage.tool(&["logs", run_id, "--tail", "2"]);
    let last: Vec<_> = log.lines().rev().take(2).collect();
    assert_eq!(tail.text(0).lines().rev().collect::<Vec<_>>(), last);
    let named = stage.tool(&["logs", run_id, "--step", "TrainModel"]);
    assert_eq!(named.text(0), log);
}

#[test]
fn as_json_each_line_of_a_log_is_an_object() {
    let stage = Stage::new();
    let lines = stage
        .tool(&["logs", &failed_run(&stage), "--json"])
        .events(0);
    for line in &lines {
        assert_members(line, &["step", "time", "source", "message"]);
        assert_eq!(line["step"], "TrainModel");
        assert!(line["time"].as_str().unwrap().ends_with('Z'));
    }
    let last = lines.last().unwrap()["message"].as_str().unwrap();
    assert!(last.contains("Out of memory"), "{last}");
}

#[test]
fn a_log_is_followed_until_its_step_is_over_and_no_line_comes_twice() {
    let (stage, clock) = Stage::with_clock();
    let run_id = &started_run(&stage);
    let follow = ["logs", run_id, "--follow", "--poll-interval", "50ms"];
    let mut tool = Running::new(stage.command(&follow));
    // The step has begun, and has written nothing so far.
    clock.advance(STEP / 2);
    tool.until("Processing of step Work starts");
    clock.advance(STEP);
    let ended = tool.end();
    let log = ended.text(0);
    assert_in_order(
        log,
        &["step Work starts\n", "4177 of 4177", "Output is written\n"],
    );
    for line in log.lines() {
        assert_eq!(log.matches(line).count(), 1, "{log}");
    }
    let whole = stage.tool(&["logs", run_id]);
    assert!(log.ends_with(whole.text(0)), "{log}\n{whole:?}");
}

#[test]
fn a_step_that_the_run_does_not_have_is_an_error_when_the_run_is_over() {
    let stage = Stage::new();
    let run_id = &failed_run(&stage);
    let follow = ["logs", run_id, "--step", "Nothing", "--follow"];
    assert_eq!(
        stage.tool(&follow).sentence(1),
        "the run is over, and it has no step `Nothing`"
    );
    let ended = stage.tool(&["logs", run_id, "--step", "Nothing"]);
    assert_eq!(ended.text(1), "");
    assert_in_order(&ended.stderr, &["error: ", "Nothing"]);
}

#[test]
fn a_run_whose_steps_write_no_log_says_so() {
    let stage = Stage::new();
    let started = stage.tool(&["start", "-e", "waiting", "--json"]).json(0);
    let run_id = started["runId"].as_str().unwrap();
    assert_eq!(
        stage.tool(&["logs", run_id]).sentence(1),
        "no step of this run has a log so far; `steps` lists them"
    );
}

#[test]
fn a_pipe_that_closes_ends_it_quietly() {
    let stage = Stage::new();
    let run_id = failed_run(&stage);
    let (reader, stdout) = io::pipe().unwrap();
    drop(reader);
    let mut command = stage.command(&["logs", &run_id]);
    let mut tool = command
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = tool.stderr.take().unwrap();
    let status = process::wait(&mut tool, LIMIT).unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(io::read_to_string(&mut stderr).unwrap(), "");
}

fn run_that_fails(stage: &Stage, options: &[&str]) -> crate::support::Ended {
    let run = ["run", "-e", FAILS, "--poll-interval", "50ms"];
    stage.tool(&[&run[..], options].concat())
}

#[test]
fn below_the_reason_of_a_failure_is_the_end_of_the_steps_log() {
    let stage = Stage::new();
    assert_in_order(
        run_that_fails(&stage, &[]).text(3),
        &[
            "Failed steps\n✗ TrainModel",
            "    reason    ClientError: Out of memory",
            "    log       ",
            "Traceback (most recent call last):\n",
            "              ClientError: Out of memory",
            "    resource  ",
        ],
    );
    let events = run_that_fails(&stage, &["--json", "--log-lines", "2"]).events(3);
    let logs = &events.last().unwrap()["logs"];
    assert_eq!(logs[0]["step"], "TrainModel");
    assert_eq!(logs[0]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(logs[0]["error"], Value::Null);
}

#[test]
fn without_lines_nobody_asks_for_the_log() {
    let stage = Stage::new();
    let ended = run_that_fails(&stage, &["--log-lines", "0"]);
    assert!(!ended.text(3).contains("Traceback"));
    let requests = stage.emulator.requests();
    let for_logs = requests.iter().filter(|request| {
        matches!(
            request.operation,
            Some(
                Operation::FilterLogEvents
                    | Operation::GetLogEvents
                    | Operation::DescribeLogStreams
            )
        )
    });
    assert_eq!(for_logs.count(), 0);
}

#[test]
fn a_log_that_can_not_be_read_is_a_line_with_its_hint_and_changes_nothing_else() {
    let stage = Stage::new();
    logs_are_denied(&stage);
    let ended = run_that_fails(&stage, &[]);
    assert_in_order(
        ended.text(3),
        &[
            "The run failed after ",
            "    log       can't be read: AccessDeniedException: not for you (",
            "    resource  ",
        ],
    );
    let events = run_that_fails(&stage, &["--json"]).events(3);
    let finished = events.last().unwrap();
    assert_eq!(finished["event"], "finished");
    assert_eq!(finished["logs"][0]["error"]["class"], "denied");
    assert_eq!(finished["logs"][0]["lines"], serde_json::json!([]));
}

#[test]
fn a_run_that_succeeds_asks_for_no_log() {
    let stage = Stage::new();
    let run = ["run", "-e", "one-step", "--poll-interval", "50ms", "--json"];
    let events = stage.tool(&run).events(0);
    assert_eq!(events.last().unwrap()["logs"], serde_json::json!([]));
}
