//! Another host than ours: the component, unchanged, transpiled by jco and driven under Node, with
//! capabilities written in JavaScript from the WIT alone (`second_host/`).

use crate::support::{ACCESS_KEY_ID, GUID, REGION, SECRET, Stage};
use sagemaker_emulator::Operation;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_host");
const FILES: [&str; 8] = [
    "package.json",
    "package-lock.json",
    "host.mjs",
    "capabilities/aws-signing.mjs",
    "capabilities/clock.mjs",
    "capabilities/fetching.mjs",
    "capabilities/http.mjs",
    "capabilities/log.mjs",
];

/// What a command prints, or why it failed.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(format!(
            "{command:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        )),
    }
}

/// The host, with jco installed beside it.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second-host");
    fs::create_dir_all(folder.join("capabilities")).unwrap();
    // One at a time installs.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    for file in FILES {
        fs::copy(Path::new(SOURCES).join(file), folder.join(file)).unwrap();
    }
    let wanted = fs::read_to_string(folder.join("package-lock.json")).unwrap();
    let marker = folder.join("complete");
    if fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    let mut npm = Command::new("npm");
    // Not `npm ci`: jco names optional packages for other systems that were never published.
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.current_dir(&folder))?;
    fs::write(marker, wanted).unwrap();
    Ok(folder)
}

fn transpile(folder: &Path) {
    let mut jco = Command::new("node");
    jco.current_dir(folder)
        .arg("node_modules/@bytecodealliance/jco/dist/jco.js")
        .arg("transpile")
        .arg(test_components::sagemaker_pipeline())
        .args(["--quiet", "--name", "plugin", "--out-dir", "plugin"])
        .args(["--map", "polysync:job-type/*=../capabilities/*.mjs"]);
    run(&mut jco).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn under_node_the_same_component_starts_follows_and_cancels_a_run() {
    let folder = match installed() {
        Ok(folder) => folder,
        Err(why) if std::env::var("CI").as_deref() != Ok("true") => {
            // Not `eprintln`, which the test harness keeps to itself.
            let skipped = format!("SKIPPED the second host, which needs Node 20 and npm: {why}\n");
            stderr().write_all(skipped.as_bytes()).unwrap();
            return;
        }
        Err(why) => panic!("{why}"),
    };
    transpile(&folder);
    let stage = Stage::in_real_time(Duration::from_secs(3600)).await;
    let mut host = Command::new("node");
    host.current_dir(&folder)
        .args(["host.mjs", REGION, &stage.emulator.url(), "one-step", GUID])
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN");
    let told = run(&mut host).unwrap();
    let told: Vec<Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    let steps: Vec<_> = told.iter().map(|line| &line["step"]).collect();
    assert_eq!(steps[..4], ["describe", "start", "status", "cancel"]);
    assert_eq!(told[0]["id"], "sagemaker-pipeline");
    assert_eq!(told[2]["state"], "running");
    assert_eq!(told[3]["outcome"], "requested");
    let last = told.last().unwrap();
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
