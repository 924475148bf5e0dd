//! Another host than ours: the component, unchanged, transpiled by jco and driven under Node, with
//! capabilities written in JavaScript from the WIT alone (`second_host/`).

use crate::support::{ACCESS_KEY_ID, GUID, REGION, SECRET, Stage, job, unknown_run};
use sagemaker_emulator::Operation;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use test_support::process;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_host");
const FILES: [&str; 7] = [
    "host.mjs",
    "capabilities/aws-signing.mjs",
    "capabilities/clock.mjs",
    "capabilities/fetching.mjs",
    "capabilities/grants.mjs",
    "capabilities/http.mjs",
    "capabilities/log.mjs",
];

/// Far longer than a run under Node takes, so that a host that hangs fails the test.
const LIMIT: Duration = Duration::from_secs(300);

/// What a command prints.
fn run(command: &mut Command) -> String {
    let output = process::output(command, LIMIT).unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{command:?}: {stdout}{stderr}");
    stdout
}

/// The host, with jco beside it. None where there is no jco.
fn folder_of_host() -> Option<PathBuf> {
    let sources = Path::new(SOURCES);
    let folder = node_environment::find_or_skip(
        sources,
        Path::new(env!("CARGO_TARGET_TMPDIR")),
        "the test of the second host",
    );
    let folder = folder.unwrap_or_else(|error| panic!("{error}"))?;
    fs::create_dir_all(folder.join("capabilities")).unwrap();
    for file in FILES {
        fs::copy(sources.join(file), folder.join(file)).unwrap();
    }
    Some(folder)
}

fn transpile(folder: &Path) {
    let mut jco = Command::new("node");
    jco.current_dir(folder)
        .arg("node_modules/@bytecodealliance/jco/dist/jco.js")
        .arg("transpile")
        .arg(test_components::sagemaker_pipeline())
        .args(["--quiet", "--name", "plugin", "--out-dir", "plugin"])
        .args(["--map", "polysync:job-type/*=../capabilities/*.mjs"]);
    run(&mut jco);
}

/// What the host prints for a command, with these credentials and this emulator.
fn lines(folder: &Path, stage: &Stage, command: &[&str]) -> Vec<Value> {
    let mut host = Command::new("node");
    host.current_dir(folder)
        .args(["host.mjs", REGION, &stage.emulator.url()])
        .args(command)
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN");
    run(&mut host)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The lines of one kind.
fn of<'a>(lines: &'a [Value], step: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["step"] == step).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_component_runs_under_node() {
    let Some(folder) = folder_of_host() else {
        return;
    };
    transpile(&folder);
    starts_polls_and_cancels_a_run(&folder).await;
    follows_runs_by_their_ids_alone(&folder).await;
}

async fn starts_polls_and_cancels_a_run(folder: &Path) {
    let stage = Stage::in_real_time(Duration::from_secs(3600)).await;
    let lines = lines(folder, &stage, &["cancel", "one-step", GUID]);
    let steps: Vec<_> = lines.iter().map(|line| &line["step"]).collect();
    assert_eq!(
        steps[..6],
        ["describe", "needs", "validate", "start", "status", "cancel"]
    );
    assert_eq!(lines[0]["id"], "sagemaker-pipeline");
    let origin = json!({"capability": "http", "value": stage.emulator.url()});
    assert_eq!(lines[1]["needs"][0], origin);
    assert_eq!(lines[2]["findings"], json!([]));
    assert_eq!(lines[4]["state"], "running");
    assert_eq!(lines[5]["outcome"], "requested");
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["state"], &last["finished"]),
        (&"cancelled".into(), &true.into())
    );
    assert_eq!(stage.emulator.executions_created(), 1);
    let stop = &stage.requests(Operation::StopPipelineExecution)[0];
    assert_eq!(
        stop.body["ClientRequestToken"],
        format!("polysync-cancel-{GUID}")
    );
}

async fn follows_runs_by_their_ids_alone(folder: &Path) {
    let stage = Stage::in_real_time(Duration::from_secs(2)).await;
    let good = stage.start(&job("one-step", &[])).await;
    let unknown = unknown_run();
    let command = ["follow", &good.run_id, &unknown.run_id];
    let lines = lines(folder, &stage, &command);
    let (errors, statuses): (Vec<_>, Vec<_>) = of(&lines, "status")
        .into_iter()
        .partition(|line| line["error"].is_object());
    let of_unknown: Vec<_> = errors.iter().map(|line| &line["runId"]).collect();
    assert_eq!(of_unknown, [&unknown.run_id]);
    assert_eq!(errors[0]["error"]["class"], "not-found");
    let last = statuses.last().unwrap();
    assert_eq!(
        (&last["state"], &last["finished"]),
        (&"success".into(), &true.into())
    );
    let page = of(&lines, "monitorUrl")[0]["url"].as_str().unwrap();
    assert!(page.ends_with(&good.run_id), "{page}");
    let steps = of(&lines, "step");
    assert_eq!(steps.len(), 1);
    assert_eq!(
        (&steps[0]["name"], &steps[0]["state"]),
        (&"Work".into(), &"success".into())
    );
    let log = of(&lines, "log");
    assert!(!log.is_empty());
    assert!(log.iter().all(|line| line["name"] == "Work"), "{log:?}");
}
