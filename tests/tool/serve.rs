//! `serve`: jobs from a folder or from stdin, followed to their ends, in a ledger that outlives it.
#![cfg(unix)]

mod both_platforms;
mod job_types;
mod ledger;
mod polling;
mod swaps;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use polysync_host::Digest;
use sagemaker_emulator::Operation;
use serde_json::Value;
use tempfile::TempDir;

use crate::running::Running;
use crate::support::{Stage, assert_in_order};

const ONE_STEP: &str = r#"{ "externalId": "one-step" }"#;
const WAITING: &str = r#"{ "externalId": "waiting" }"#;

/// A folder with jobs, a ledger and a plugin of its own.
struct Yard(TempDir);

impl Yard {
    fn new() -> Self {
        let yard = Self(tempfile::tempdir().unwrap());
        fs::create_dir(yard.path("jobs")).unwrap();
        fs::copy(test_components::sagemaker_pipeline(), yard.plugin()).unwrap();
        yard
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn plugin(&self) -> PathBuf {
        self.path("plugin.wasm")
    }

    fn job(&self, name: &str, job: &str) {
        fs::write(self.path("jobs").join(name), job).unwrap();
    }

    /// Serves from stdin.
    fn serve(&self, stage: &Stage, options: &[&str]) -> Running {
        let ledger = self.path("runs.db");
        let mut arguments = vec!["serve", "--poll-interval", "50ms", "--ledger"];
        arguments.push(ledger.to_str().unwrap());
        arguments.extend(options);
        let mut command = stage.command(&arguments);
        command.env("POLYSYNC_COMPONENT", self.plugin());
        Running::new(command)
    }

    /// Serves from the folder.
    fn serve_folder(&self, stage: &Stage, options: &[&str]) -> Running {
        let jobs = self.path("jobs");
        let mut arguments = vec!["--jobs", jobs.to_str().unwrap()];
        arguments.extend(options);
        self.serve(stage, &arguments)
    }

    /// Replaces the plugin's file in one step.
    fn replace_plugin(&self, by: &Path) {
        fs::copy(by, self.path("plugin.new")).unwrap();
        fs::rename(self.path("plugin.new"), self.plugin()).unwrap();
    }
}

fn events_named<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|e| e["event"] == name).collect()
}

#[test]
fn the_jobs_of_a_folder_are_run_and_shown_with_their_reasons() {
    let stage = Stage::new();
    let yard = Yard::new();
    yard.job("good.json", ONE_STEP);
    yard.job("bad.json", r#"{ "externalId": "churn-training-fails" }"#);
    yard.job("unknown.json", r#"{ "externalId": "nowhere" }"#);
    yard.job("broken.json", r#"{ "externalId": "#);
    let ended = yard.serve_folder(&stage, &["--until-done"]).end();
    let text = ended.text(3);
    assert_in_order(
        text,
        &["serving sagemaker-pipeline 0.1.0 (contract 0.2.0, generation 1, sha256 "],
    );
    assert_in_order(
        text,
        &["not taken: the job file ", "broken.json isn't right: EOF"],
    );
    assert_in_order(text, &["one-step ", " accepted from good.json"]);
    assert_in_order(
        text,
        &["one-step ", " started as arn:aws:sagemaker:eu-west-1:"],
    );
    assert_in_order(text, &["one-step ", " success"]);
    assert_in_order(text, &["nowhere ", " refused: ResourceNotFound: "]);
    assert_in_order(
        text,
        &[
            "churn-training-fails ",
            " failed: ",
            "TrainModel: ClientError: Out of memory",
        ],
    );
    assert_in_order(text, &["served; runs: 1 failed, 1 refused, 1 success"]);
}

#[test]
fn lines_on_stdin_are_jobs_and_orders() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done", "--json"]);
    tool.write_line(WAITING);
    tool.write_line("make it so");
    tool.until(r#""event":"not-taken""#);
    let started = tool.until(r#""event":"started""#);
    let started: Value = serde_json::from_str(&started).unwrap();
    tool.write_line("rollback");
    tool.write_line(&format!("cancel {}", started["guid"].as_str().unwrap()));
    tool.close_stdin();
    let events = tool.end().events(4);
    assert_eq!(
        events_named(&events, "not-taken")[0]["message"],
        "`make it so` is not an order: write a job file in one line, `cancel GUID`, `cancel all`, \
         `retry GUID`, `adopt GUID RUN-ID`, `rollback` or `swap`, the last two with the id of a job \
         type where there are several"
    );
    let refused = events_named(&events, "rollback-refused")[0]["message"]
        .as_str()
        .unwrap();
    assert!(
        refused.contains("no earlier plugin to go back to"),
        "{refused}"
    );
    assert_eq!(events_named(&events, "cancelling").len(), 1);
    let finished = events_named(&events, "finished")[0];
    assert_eq!(finished["state"], "cancelled");
    assert_eq!(finished["exitCode"], 4);
    assert_eq!(finished["origin"], "stdin");
    assert_eq!(finished["startedBy"]["generation"], 1);
    let served = events.last().unwrap();
    assert_eq!(served["event"], "served");
    assert_eq!(served["exitCode"], 4);
    assert_eq!(served["runs"]["cancelled"], 1);
    assert_eq!(served["plugin"]["version"], "0.1.0");
}

#[test]
fn a_folder_of_jobs_that_is_not_there_is_an_error_at_the_start() {
    let stage = Stage::new();
    let yard = Yard::new();
    let ledger = yard.path("ledger");
    let arguments = [
        "serve",
        "--until-done",
        "--jobs",
        "no-such-folder",
        "--ledger",
    ];
    let ended = stage.tool(&[&arguments[..], &[ledger.to_str().unwrap()]].concat());
    assert_in_order(
        ended.sentence(1),
        &[
            "cannot list the job files in no-such-folder: ",
            "No such file",
        ],
    );
}

#[test]
fn a_file_beside_the_jobs_cancels_its_run() {
    let stage = Stage::new();
    let yard = Yard::new();
    yard.job("long.json", WAITING);
    let mut tool = yard.serve_folder(&stage, &[]);
    tool.until("started as");
    yard.job("long.cancel", "");
    tool.until(" cancelled");
    tool.interrupt();
    tool.end().text(0);
}

#[test]
fn until_done_a_folder_is_read_as_long_as_runs_go_on() {
    let stage = Stage::new();
    let yard = Yard::new();
    yard.job("long.json", WAITING);
    let mut tool = yard.serve_folder(&stage, &["--until-done"]);
    tool.until("waiting ");
    tool.until("started as");
    yard.job("later.json", ONE_STEP);
    tool.until(" accepted from later.json");
    yard.job("now.order", "rollback\n");
    tool.until("no earlier plugin to go back to");
    yard.job("long.cancel", "");
    tool.until(" cancelled");
    assert_in_order(tool.end().text(4), &["served; runs: ", "1 success"]);
}

#[test]
fn a_run_is_withdrawn_while_its_start_is_denied() {
    let stage = Stage::new();
    stage.emulator.replace_credentials(Vec::new());
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done"]);
    tool.write_line(ONE_STEP);
    tool.until(
        "starting failed under sagemaker-pipeline 0.1.0 (contract 0.2.0, generation 1, sha256 ",
    );
    tool.write_line("cancel all");
    tool.close_stdin();
    tool.until(" withdrawn");
    tool.end().text(4);
    assert_eq!(stage.emulator.executions_created(), 0);
}

#[test]
fn sigterm_ends_it_cleanly_and_a_restart_goes_on_with_every_run() {
    let stage = Stage::new();
    let yard = Yard::new();
    for number in 0..5 {
        yard.job(&format!("{number}.json"), ONE_STEP);
    }
    yard.job("long.json", WAITING);
    let mut tool = yard.serve_folder(&stage, &[]);
    tool.until("waiting ");
    tool.until("started as");
    tool.terminate();
    let ended = tool.end();
    assert_in_order(
        ended.text(0),
        &[
            "stopping: calls that are under way end first",
            "served; runs: ",
        ],
    );
    // It was closed: nothing in it has to be repaired.
    redb::Database::builder()
        .set_repair_callback(|_| panic!("the ledger was not closed"))
        .open(yard.path("runs.db"))
        .unwrap();

    yard.job("long.cancel", "");
    let events = yard
        .serve_folder(&stage, &["--until-done", "--json"])
        .end()
        .events(4);
    assert!(events_named(&events, "accepted").is_empty());
    let served = events.last().unwrap();
    assert_eq!(served["runs"]["success"], 5);
    assert_eq!(served["runs"]["cancelled"], 1);
    assert_eq!(stage.emulator.executions_created(), 6);
}

#[test]
fn a_run_that_the_platform_does_not_know_any_more_ends_as_unknown() {
    let yard = Yard::new();
    let stage = Stage::new();
    let mut tool = yard.serve(&stage, &[]);
    tool.write_line(WAITING);
    tool.until("started as");
    tool.terminate();
    tool.end().text(0);
    let port = stage.emulator.url().rsplit(':').next().unwrap().parse();
    drop(stage);

    let another = Stage::with(|emulator| emulator.port(port.unwrap()));
    let mut tool = yard.serve(&another, &["--until-done"]);
    tool.close_stdin();
    let ended = tool.end();
    assert_in_order(
        ended.text(5),
        &[
            "polling failed under ",
            "trying again in",
            " unknown: ResourceNotFound",
        ],
    );
}

#[test]
fn a_plugin_that_is_not_the_pinned_build_is_refused() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--sha256", &"0".repeat(64)]);
    tool.close_stdin();
    let ended = tool.end();
    assert_in_order(ended.sentence(1), &["its SHA-256 is ", "and 0000"]);
}

/// The client request tokens of the requests for an operation.
fn tokens(stage: &Stage, operation: Operation) -> Vec<String> {
    let requests = stage.emulator.requests();
    let of_operation = requests.iter().filter(|r| r.operation == Some(operation));
    of_operation
        .map(|request| {
            let token = &request.body["ClientRequestToken"];
            token.as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_run_is_cancelled_retried_and_cancelled_again_under_a_guid_for_each_wish() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done", "--json"]);
    tool.write_line(WAITING);
    let started: Value = serde_json::from_str(&tool.until(r#""event":"started""#)).unwrap();
    let guid = started["guid"].as_str().unwrap();
    tool.write_line(&format!("retry {guid}"));
    tool.until("it is not over");
    tool.write_line(&format!("cancel {guid}"));
    tool.until(r#""event":"finished""#);
    tool.write_line(&format!("retry {guid}"));
    tool.until(r#""event":"retried""#);
    tool.until(r#""platformStatus":"Executing""#);
    tool.write_line(&format!("cancel {guid}"));
    tool.until(r#""event":"finished""#);
    tool.close_stdin();
    let events = tool.end().events(4);
    let finished = events_named(&events, "finished");
    assert!(finished.iter().all(|run| run["state"] == "cancelled"));
    assert_eq!(finished[0]["runId"], finished[1]["runId"]);
    assert_eq!(events.last().unwrap()["runs"]["cancelled"], 1);

    let stops = tokens(&stage, Operation::StopPipelineExecution);
    assert_eq!(stops.len(), 2);
    assert_ne!(stops[0], stops[1]);
    assert!(!stops.concat().contains(guid), "{stops:?}");
    assert_eq!(tokens(&stage, Operation::RetryPipelineExecution).len(), 1);
}
