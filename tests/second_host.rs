//! Another host than ours: the component, unchanged, transpiled by jco and driven under Node, with
//! capabilities written in JavaScript from the WIT alone (`second_host/`).

use crate::support::{ACCESS_KEY_ID, GUID, REGION, SECRET, Stage};
use sagemaker_emulator::Operation;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use test_support::process;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_host");
const FILES: [&str; 6] = [
    "host.mjs",
    "capabilities/aws-signing.mjs",
    "capabilities/clock.mjs",
    "capabilities/fetching.mjs",
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

#[tokio::test(flavor = "multi_thread")]
async fn the_same_component_starts_polls_and_cancels_a_run_under_node() {
    let Some(folder) = folder_of_host() else {
        return;
    };
    transpile(&folder);
    let stage = Stage::in_real_time(Duration::from_secs(3600)).await;
    let mut host = Command::new("node");
    host.current_dir(&folder)
        .args(["host.mjs", REGION, &stage.emulator.url(), "one-step", GUID])
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN");
    let output = run(&mut host);
    let lines: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    let steps: Vec<_> = lines.iter().map(|line| &line["step"]).collect();
    assert_eq!(steps[..4], ["describe", "start", "status", "cancel"]);
    assert_eq!(lines[0]["id"], "sagemaker-pipeline");
    assert_eq!(lines[2]["state"], "running");
    assert_eq!(lines[3]["outcome"], "requested");
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
