//! `start`, `status`, `steps`, `monitor-url`, `cancel` and `retry`: one call each.

use sagemaker_emulator::{Operation, StepFailure};

use crate::running::Running;
use crate::support::{GUID, STEP, Stage, assert_in_order, assert_members};

/// The members of the document of `status`.
const STATUS: [&str; 14] = [
    "externalId",
    "runId",
    "state",
    "platformStatus",
    "plugin",
    "finished",
    "pollAfter",
    "message",
    "startedAt",
    "updatedAt",
    "endedAt",
    "failedSteps",
    "outputs",
    "details",
];

/// The members of a step in the document of `steps`.
const STEP_MEMBERS: [&str; 14] = [
    "name",
    "displayName",
    "kind",
    "state",
    "platformStatus",
    "startedAt",
    "endedAt",
    "attempts",
    "cacheHit",
    "hasLog",
    "reason",
    "resourceId",
    "links",
    "details",
];

/// Starts `one-step` and returns the id of the run.
fn start(stage: &Stage) -> String {
    let started = stage.tool(&["start", "-e", "one-step", "--json"]).json(0);
    started["runId"].as_str().unwrap().to_owned()
}

/// The arguments of a command about a run of `one-step`, with further options.
fn about<'a>(command: &'a str, run_id: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    [&[command, run_id, "-e", "one-step"], options].concat()
}

#[test]
fn a_guid_names_one_run() {
    let (stage, _) = Stage::with_clock();
    let start = ["start", "-e", "one-step", "--guid", GUID];
    let started = stage.tool(&start);
    assert_eq!(
        started.stderr,
        format!("starting one-step with --guid {GUID}\n")
    );
    let again = stage.tool(&[&start[..], &["--json"]].concat()).json(0);
    assert_members(
        &again,
        &["guid", "externalId", "runId", "monitorUrl", "details"],
    );
    assert_eq!(again["guid"], GUID);
    let run_id = again["runId"].as_str().unwrap();
    let monitor_url = again["monitorUrl"].as_str().unwrap();
    assert_in_order(
        started.text(0),
        &[
            &format!("run      {run_id}\n"),
            &format!("{monitor_url}\n"),
            &format!("polysync-harness follow {run_id} --external-id one-step --component "),
        ],
    );
    assert_eq!(stage.emulator.executions_created(), 1);
    assert_eq!(
        stage.tool(&about("monitor-url", run_id, &[])).text(0),
        format!("{monitor_url}\n")
    );
}

#[test]
fn a_run_is_cancelled_and_its_status_says_so() {
    let (stage, clock) = Stage::with_clock();
    let run_id = &start(&stage);
    let status = stage.tool(&about("status", run_id, &["--json"])).json(0);
    assert_members(&status, &STATUS);
    assert_eq!(
        (&status["state"], &status["finished"]),
        (&"running".into(), &false.into())
    );
    assert!(status["startedAt"].as_str().unwrap().ends_with('Z') && status["endedAt"].is_null());

    let cancel = about("cancel", run_id, &["--json", "--guid", GUID]);
    let cancelled = stage.tool(&cancel).json(0);
    assert_members(&cancelled, &["guid", "outcome", "message"]);
    assert_eq!(
        (&cancelled["guid"], &cancelled["outcome"]),
        (&GUID.into(), &"requested".into())
    );
    let stops = stage
        .emulator
        .request_count(Operation::StopPipelineExecution);
    assert_eq!(stops, 1);

    clock.advance(STEP);
    assert_in_order(
        stage.tool(&about("cancel", run_id, &[])).text(0),
        &["already-finished: ", "Stopped"],
    );
    assert_in_order(
        stage.tool(&about("status", run_id, &[])).text(0),
        &[
            run_id,
            "⊘ cancelled (Stopped), over\n",
            "ended ",
            "duration ",
            "https://",
        ],
    );
}

#[test]
fn a_run_is_started_cancelled_retried_and_cancelled_again() {
    let (stage, clock) = Stage::with_clock();
    let run_id = &start(&stage);
    let status = || stage.tool(&about("status", run_id, &["--json"])).json(0);
    stage.tool(&about("cancel", run_id, &[])).text(0);
    clock.advance(STEP);
    assert_eq!(status()["state"], "cancelled");
    stage.tool(&about("retry", run_id, &[])).text(0);
    assert_eq!(status()["state"], "running");
    stage.tool(&about("cancel", run_id, &[])).text(0);
    clock.advance(STEP);
    assert_eq!(status()["state"], "cancelled");
    let requests = stage.emulator.requests();
    let stops = requests
        .iter()
        .filter(|request| request.operation == Some(Operation::StopPipelineExecution));
    let tokens: Vec<_> = stops
        .map(|stop| stop.body["ClientRequestToken"].as_str().unwrap())
        .collect();
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens[0], tokens[1]);
}

#[test]
fn a_failed_run_shows_step_and_reason_and_a_retry_goes_on_with_the_same_run() {
    let (stage, clock) = Stage::with_clock();
    let reason = "AlgorithmError: exit code 1".to_owned();
    stage
        .emulator
        .fail_step("one-step", "Work", StepFailure::AtEnd(reason), Some(1));
    let run_id = &start(&stage);

    clock.advance(STEP * 2);
    assert_in_order(
        stage.tool(&about("status", run_id, &[])).text(0),
        &[
            "✗ failed (Failed), over\n",
            "Failed steps\n✗ Work  ProcessingJob  Failed  10s",
            "AlgorithmError: exit code 1\n",
        ],
    );
    assert_in_order(
        stage.tool(&about("steps", run_id, &[])).text(0),
        &[
            "✗ Work  ProcessingJob  Failed  10s",
            "reason ",
            "AlgorithmError: exit code 1\n",
            "https://",
        ],
    );

    let retried = stage.tool(&about("retry", run_id, &["--guid", GUID]));
    assert_eq!(retried.stderr, format!("retrying with --guid {GUID}\n"));
    assert_in_order(retried.text(0), &[&format!("run      {run_id}\n")]);
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::RetryPipelineExecution),
        1
    );
    assert_eq!(stage.emulator.executions_created(), 1);

    clock.advance(STEP * 2);
    let document = stage.tool(&about("steps", run_id, &["--json"])).json(0);
    assert_members(&document, &["externalId", "runId", "steps"]);
    let step = &document["steps"][0];
    assert_members(step, &STEP_MEMBERS);
    assert_eq!(
        (&step["name"], &step["state"], &step["attempts"]),
        (&"Work".into(), &"success".into(), &2.into())
    );
    assert_members(&step["links"][0], &["label", "url"]);
}

#[test]
fn several_runs_are_a_line_each_and_one_that_is_not_known_is_its_own_error() {
    let (stage, clock) = Stage::with_clock();
    let running = &start(&stage);
    let missing =
        "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step/execution/abcdefghijkl";
    let status = ["status", running, missing];
    let ended = stage.tool(&status);
    assert_in_order(
        ended.text(1),
        &[
            "● running (Executing), not over",
            running,
            "\n? not known",
            missing,
            "\n    ResourceNotFound: ",
        ],
    );
    assert_eq!(ended.stderr, "");

    clock.advance(STEP);
    let document = stage.tool(&[&status[..], &["--json"]].concat()).json(1);
    assert_members(&document, &["runs"]);
    let [known, unknown] = &document["runs"].as_array().unwrap()[..] else {
        panic!("{document}")
    };
    assert_members(known, &STATUS);
    assert_eq!(
        (&known["runId"], &known["state"]),
        (&(**running).into(), &"success".into())
    );
    assert_members(unknown, &["externalId", "runId", "error"]);
    assert_eq!(unknown["error"]["class"], "not-found");
}

#[test]
fn run_ids_may_come_from_stdin() {
    let (stage, _) = Stage::with_clock();
    let ids = [start(&stage), start(&stage)];
    let mut tool = Running::new(stage.command(&["status", "-", "--json"]));
    ids.iter().for_each(|id| tool.write_line(id));
    tool.close_stdin();
    let document = tool.end().json(0);
    let found: Vec<_> = (0..2)
        .map(|at| document["runs"][at]["runId"].as_str().unwrap())
        .collect();
    assert_eq!(found, ids);
}

#[test]
fn the_form_of_the_answer_does_not_depend_on_how_many_run_ids_stdin_has() {
    let (stage, _) = Stage::with_clock();
    let run_id = start(&stage);
    let mut tool = Running::new(stage.command(&["status", "-", "--json"]));
    tool.write_line(&run_id);
    tool.close_stdin();
    assert_eq!(tool.end().json(0)["runs"][0]["runId"], run_id.as_str());
}

#[test]
fn a_run_id_is_enough_for_each_command_about_a_run() {
    let (stage, clock) = Stage::with_clock();
    let run_id = &start(&stage);
    for command in ["status", "steps", "monitor-url", "cancel"] {
        stage.tool(&[command, run_id]).text(0);
    }
    clock.advance(STEP);
    stage.tool(&["retry", run_id]).text(0);
    let status = stage.tool(&["status", run_id, "--json"]).json(0);
    assert_eq!(
        (&status["externalId"], &status["state"]),
        (&serde_json::Value::Null, &"running".into())
    );
}
