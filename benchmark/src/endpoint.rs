//! The emulator as a process of its own, so that its processor time isn't counted.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use polysync_host::Plugin;
use polysync_host::contract::{Job, Run};
use serde_json::json;
use xtask::emulator::Emulator;

use crate::stage::{ACCESS_KEY_ID, REGION, SECRET, answered, job_type};

/// A pipeline whose runs outlast any measurement.
const DEFINITION: &str = r#"{"Version": "2020-12-01", "Parameters": [{"Name": "Rows", "Type": "Integer", "DefaultValue": 100}], "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// Starts emulators.
pub(crate) struct Emulators {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
}

impl Emulators {
    /// Starts an emulator with this number of pipelines, which throttles requests past the limit.
    pub(crate) fn start(&self, pipelines: usize, most_a_second: Option<u32>) -> Result<Emulator> {
        let folder = self.folder.join(format!("pipelines-{pipelines}"));
        fill(&folder, pipelines).context("can't write the pipelines")?;
        let mut command = Command::new(&self.binary);
        command
            .args(["--region", REGION, "--access-key-id", ACCESS_KEY_ID])
            .args(["--secret-access-key", SECRET, "--step-duration", "86400"])
            .arg("--pipelines")
            .arg(folder)
            .env("RUST_LOG", "error");
        if let Some(most) = most_a_second {
            command.arg("--requests-per-second").arg(most.to_string());
        }
        Emulator::start(&mut command, &self.folder.join("emulator.log"))
    }
}

fn fill(folder: &Path, pipelines: usize) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for number in 0..pipelines {
        std::fs::write(folder.join(format!("pipeline-{number}.json")), DEFINITION)?;
    }
    Ok(())
}

/// Delays each answer by this number of milliseconds.
pub(crate) async fn slow_down(emulator: &Emulator, milliseconds: u32) -> Result<()> {
    let fault = json!({"kind": {"latency": milliseconds}}).to_string();
    let answer = reqwest::Client::new()
        .post(format!("{}/_emulator/faults", emulator.url))
        .header("content-type", "application/json")
        .body(fault)
        .send()
        .await?;
    let status = answer.status();
    ensure!(
        status.is_success(),
        "the emulator takes no latency: {status}"
    );
    Ok(())
}

/// Starts a run that stays under way for the whole measurement.
pub(crate) async fn start_run(plugin: &Plugin, emulator: &Emulator) -> Result<Run> {
    let job = Job {
        external_id: "pipeline-0".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    };
    let guid = "6f1c1f3e-3b0a-4d6c-9f8e-2b7a5c4d3e21";
    let started = job_type(plugin, Some(&emulator.url), None)
        .await?
        .start(&job, guid)
        .await;
    Ok(Run {
        external_id: Some(job.external_id),
        run_id: answered(started)?.run_id,
    })
}
