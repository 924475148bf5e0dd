//! Runs of Glue jobs on the emulator: their logs, and starts whose answers are lost or refused.
#![cfg(unix)]

use sagemaker_emulator::{Fault, FaultKind, Operation};
use serde_json::Value;

use crate::running::Running;
use crate::support::{Ended, STEP, Stage, assert_in_order, run};

const SALES: &str = "sales-load";
const FAILS: &str = "returns-load-fails";

fn tool(stage: &Stage, arguments: &[&str]) -> Ended {
    run(&mut stage.glue(arguments))
}

/// Starts a job without waiting for it, and returns the run's id.
fn started_run(stage: &Stage, job: &str) -> String {
    let started = tool(stage, &["start", "-e", job, "--json"]).json(0);
    started["runId"].as_str().unwrap().to_owned()
}

/// The ids of a job's runs, as the job type gives them.
fn runs_of(stage: &Stage, job: &str) -> Vec<String> {
    let runs = stage.emulator.glue_runs_of(job).into_iter();
    runs.map(|id| format!("{job}/{id}")).collect()
}

/// Makes this happen to the next `times` requests that start a run.
fn at_start(stage: &Stage, kind: FaultKind, times: u32) {
    let fault = Fault::new(kind).on(Operation::StartJobRun);
    stage.emulator.inject(fault.times(times));
}

#[test]
fn a_run_that_fails_shows_the_end_of_its_log_below_the_reason() {
    let stage = Stage::new();
    let ended = tool(&stage, &["run", "-e", FAILS, "--poll-interval", "50ms"]);
    assert_in_order(
        ended.text(3),
        &[
            "The run failed after ",
            "    reason    KeyError: \"Column 'order_id' does not exist\"\n",
            "    log       ",
            "Traceback (most recent call last):\n",
            "  KeyError: \"Column 'order_id' does not exist\"\n",
        ],
    );
}

#[test]
fn the_log_of_a_failed_run_has_what_its_script_wrote_and_the_traceback() {
    let (stage, clock) = Stage::with_clock();
    let run_id = started_run(&stage, FAILS);
    started_run(&stage, SALES);
    clock.advance(STEP);
    let lines = tool(&stage, &["logs", &run_id, "--json"]).events(0);
    let of_source = |source: &str| {
        let lines = lines.iter();
        let lines = lines.filter(|line| line["source"].as_str().unwrap().starts_with(source));
        let messages = lines.map(|line| line["message"].as_str().unwrap());
        messages.collect::<Vec<_>>().join("\n")
    };
    assert_in_order(
        &of_source("output"),
        &["Reading s3://example-data/returns-load-fails/"],
    );
    assert_in_order(
        &of_source("error"),
        &[
            "a run of job returns-load-fails starts",
            "Traceback",
            "KeyError",
        ],
    );
    let all = format!("{lines:?}");
    assert!(!all.contains(SALES), "{all}");
    let tail = tool(&stage, &["logs", &run_id, "--tail", "1"]);
    assert_in_order(tail.text(0), &["KeyError"]);
    assert_eq!(tail.stdout.lines().count(), 1);
}

#[test]
fn the_log_of_a_run_is_followed_until_it_is_over_and_no_line_comes_twice() {
    let (stage, clock) = Stage::with_clock();
    let run_id = started_run(&stage, SALES);
    let follow = ["logs", &run_id, "--follow", "--poll-interval", "50ms"];
    let mut tool = Running::new(stage.glue(&follow));
    // The run has begun, and has written nothing so far.
    clock.advance(STEP / 2);
    tool.until("Reading s3://example-data/sales-load/");
    clock.advance(STEP);
    let ended = tool.end();
    let log = ended.text(0);
    for line in [
        "2000 records are read\n",
        "2000 records are written\n",
        "the script has ended\n",
    ] {
        assert!(log.contains(line), "{log}");
    }
    for line in log.lines() {
        assert_eq!(log.matches(line).count(), 1, "{log}");
    }
}

#[test]
fn a_start_whose_answer_is_lost_names_its_run_and_the_command_that_follows_it() {
    let stage = Stage::new();
    at_start(&stage, FaultKind::DropAfter, 1);
    let error = tool(&stage, &["start", "-e", SALES, "--json"]).json(1);
    assert_eq!(error["error"]["class"], "uncertain");
    assert_eq!(
        error["error"]["candidates"],
        serde_json::json!(runs_of(&stage, SALES))
    );

    at_start(&stage, FaultKind::DropAfter, 1);
    let lost = tool(&stage, &["start", "-e", FAILS]);
    assert_eq!(lost.code, Some(1));
    let [run_id] = &runs_of(&stage, FAILS)[..] else {
        panic!("not one run: {lost:?}");
    };
    let follow = format!(" follow {run_id}");
    let command = lost.stderr.lines().find(|line| line.contains(&follow));
    let command = command.unwrap_or_else(|| panic!("{lost:?}"));
    let words: Vec<_> = command.split_whitespace().skip(1).collect();
    assert_in_order(
        tool(&stage, &words).text(3),
        &["The run failed", "KeyError"],
    );
    assert_eq!(stage.emulator.request_count(Operation::StartJobRun), 2);
}

#[test]
fn serve_tells_the_run_of_a_start_whose_answer_is_lost_and_the_order_it_names_adopts_it() {
    let stage = Stage::new();
    at_start(&stage, FaultKind::DropAfter, 1);
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("runs.db");
    let serve = ["serve", "--json", "--poll-interval", "50ms", "--ledger"];
    let ledger = [ledger.to_str().unwrap()];
    let mut tool = Running::new(stage.glue(&[&serve[..], &ledger].concat()));
    let mut until = |event: &str, line: &str| -> Value {
        tool.write_line(line);
        serde_json::from_str(&tool.until(&format!(r#""event":"{event}""#))).unwrap()
    };
    let finished = until("finished", &format!(r#"{{ "externalId": "{SALES}" }}"#));
    assert_eq!(finished["state"], "uncertain");
    let [run_id] = &runs_of(&stage, SALES)[..] else {
        panic!("not one run: {finished}");
    };
    let guid = finished["guid"].as_str().unwrap();
    let adopt = format!("adopt {guid} ");
    assert_in_order(
        finished["reason"].as_str().unwrap(),
        &[&format!("it may be {run_id}"), &adopt],
    );
    let adopted = until("adopted", &format!("{adopt}{run_id}"));
    assert_eq!(adopted["runId"], run_id.as_str());
    let finished: Value = serde_json::from_str(&tool.until(r#""event":"finished""#)).unwrap();
    assert_eq!(finished["state"], "success");
    tool.terminate();
    tool.end().events(0);
    assert_eq!(stage.emulator.request_count(Operation::StartJobRun), 1);
}

#[test]
fn a_start_that_is_throttled_is_sent_again_and_starts_one_run() {
    let stage = Stage::new();
    at_start(&stage, FaultKind::Throttling, 2);
    let run_id = started_run(&stage, SALES);
    assert_eq!(runs_of(&stage, SALES), [run_id]);
    assert_eq!(stage.emulator.request_count(Operation::StartJobRun), 3);
}
