//! A second host: jco transpiles the component, and Node runs it with capabilities that are written in
//! JavaScript from the WIT alone (`second_host/`).

use crate::support::{ACCESS_KEY_ID, GUID, REGION, SECRET, Stage};
use sagemaker_emulator::Operation;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

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

/// The time for the installation, and for each of the other commands.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// What a command prints to stdout, or why it failed.
async fn run(command: &mut Command) -> Result<String, String> {
    let output = timeout(TIME_LIMIT, command.kill_on_drop(true).output())
        .await
        .map_err(|_| format!("{command:?} takes longer than {TIME_LIMIT:?}"))?
        .map_err(|error| format!("{command:?}: {error}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    match output.status.success() {
        true => Ok(stdout.into_owned()),
        false => Err(format!("{command:?}: {stdout}{stderr}")),
    }
}

/// Installs the host and jco into a folder, which later runs use again.
async fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("second-host");
    fs::create_dir_all(folder.join("capabilities")).unwrap();
    // Only one test process installs at a time.
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
    // `npm ci` fails: jco has optional packages for other systems that were never published.
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.current_dir(&folder)).await?;
    fs::write(marker, wanted).unwrap();
    Ok(folder)
}

async fn transpile(folder: &Path) {
    let mut jco = Command::new("node");
    jco.current_dir(folder)
        .arg("node_modules/@bytecodealliance/jco/dist/jco.js")
        .arg("transpile")
        .arg(test_components::sagemaker_pipeline())
        .args(["--quiet", "--name", "plugin", "--out-dir", "plugin"])
        .args(["--map", "polysync:job-type/*=../capabilities/*.mjs"]);
    run(&mut jco).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_component_starts_polls_and_cancels_a_run_under_node() {
    let folder = match install().await {
        Ok(folder) => folder,
        Err(reason) if std::env::var("CI").as_deref() != Ok("true") => {
            // The test harness captures `eprintln`.
            let skipped =
                format!("SKIPPED the second host, which needs Node 20 and npm: {reason}\n");
            stderr().write_all(skipped.as_bytes()).unwrap();
            return;
        }
        Err(reason) => panic!("{reason}"),
    };
    transpile(&folder).await;
    let stage = Stage::in_real_time(Duration::from_secs(3600)).await;
    let mut host = Command::new("node");
    host.current_dir(&folder)
        .args(["host.mjs", REGION, &stage.emulator.url(), "one-step", GUID])
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN");
    let output = run(&mut host).await.unwrap();
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
