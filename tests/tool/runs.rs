//! `start`, `status`, `steps`, `monitor-url`, `cancel` and `retry`: one call each.

use sagemaker_emulator::{Operation, StepFailure};

use crate::support::{GUID, STEP, Stage, assert_members, assert_tells};

#[test]
fn a_guid_names_one_run_which_can_be_shown_and_cancelled() {
    let (stage, clock) = Stage::with_clock();
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
    assert_tells(
        started.text(0),
        &[
            &format!("run      {run_id}\n"),
            &format!("{monitor_url}\n"),
            &format!("polysync-harness status {run_id} --external-id one-step --component "),
        ],
    );
    assert_eq!(stage.emulator.executions_created(), 1);

    let of_run = |command: &'static str| vec![command, run_id, "-e", "one-step"];
    assert_eq!(
        stage.tool(&of_run("monitor-url")).text(0),
        format!("{monitor_url}\n")
    );

    let status = stage
        .tool(&[of_run("status"), vec!["--json"]].concat())
        .json(0);
    assert_members(
        &status,
        &[
            "externalId",
            "runId",
            "state",
            "platformStatus",
            "plugin",
            "finished",
            "message",
            "startedAt",
            "updatedAt",
            "endedAt",
            "failedSteps",
            "outputs",
            "details",
        ],
    );
    assert_eq!(
        (&status["state"], &status["finished"]),
        (&"running".into(), &false.into())
    );
    assert!(status["startedAt"].as_str().unwrap().ends_with('Z') && status["endedAt"].is_null());

    let cancelled = stage
        .tool(&[of_run("cancel"), vec!["--json", "--guid", GUID]].concat())
        .json(0);
    assert_members(&cancelled, &["guid", "outcome", "message"]);
    assert_eq!(
        (&cancelled["guid"], &cancelled["outcome"]),
        (&GUID.into(), &"requested".into())
    );
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::StopPipelineExecution),
        1
    );

    clock.advance(STEP);
    assert_tells(
        stage.tool(&of_run("cancel")).text(0),
        &["already-finished: ", "Stopped"],
    );
    assert_tells(
        stage.tool(&of_run("status")).text(0),
        &[
            run_id,
            "⊘ cancelled (Stopped), over\n",
            "ended ",
            "duration ",
            monitor_url,
        ],
    );
}

#[test]
fn a_failed_run_shows_step_and_reason_and_a_retry_goes_on_with_the_same_run() {
    let (stage, clock) = Stage::with_clock();
    let reason = "AlgorithmError: exit code 1".to_owned();
    stage
        .emulator
        .fail_step("one-step", "Work", StepFailure::AtEnd(reason), Some(1));
    let started = stage.tool(&["start", "-e", "one-step", "--json"]).json(0);
    let run_id = started["runId"].as_str().unwrap();
    let of_run = |command: &'static str| vec![command, run_id, "-e", "one-step"];

    clock.advance(STEP * 2);
    assert_tells(
        stage.tool(&of_run("status")).text(0),
        &[
            "✗ failed (Failed), over\n",
            "Failed steps\n✗ Work  ProcessingJob  Failed  10s",
            "AlgorithmError: exit code 1\n",
        ],
    );
    assert_tells(
        stage.tool(&of_run("steps")).text(0),
        &[
            "✗ Work  ProcessingJob  Failed  10s",
            "reason ",
            "AlgorithmError: exit code 1\n",
            "https://",
        ],
    );

    let retried = stage.tool(&[of_run("retry"), vec!["--guid", GUID]].concat());
    assert_eq!(retried.stderr, format!("retrying with --guid {GUID}\n"));
    assert_tells(retried.text(0), &[&format!("run      {run_id}\n")]);
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::RetryPipelineExecution),
        1
    );
    assert_eq!(stage.emulator.executions_created(), 1);

    clock.advance(STEP * 2);
    let document = stage
        .tool(&[of_run("steps"), vec!["--json"]].concat())
        .json(0);
    assert_members(&document, &["externalId", "runId", "steps"]);
    let step = &document["steps"][0];
    assert_members(
        step,
        &[
            "name",
            "displayName",
            "kind",
            "state",
            "platformStatus",
            "startedAt",
            "endedAt",
            "attempts",
            "cacheHit",
            "reason",
            "resourceId",
            "links",
            "details",
        ],
    );
    assert_eq!(
        (&step["name"], &step["state"], &step["attempts"]),
        (&"Work".into(), &"success".into(), &2.into())
    );
    assert_members(&step["links"][0], &["label", "url"]);
}
