//! `cargo xtask soak`: the tool serves under load. Meanwhile its plugin is swapped a thousand times by
//! replacing the file, between the first release and today's build, which speak different versions of the
//! contract. The tool is killed and started again several times. In the end each run must have succeeded,
//! and the emulator must have executed each once.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use xtask::component::{self, SHIPPED};
use xtask::emulator::Emulator;
use xtask::route::Route;
use xtask::workspace::Workspace;

use crate::host_tools;
use report::{Tally, report, stats};
use serving::{Event, Serving};

mod report;
mod serving;

const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// The released component of version 0.1.0 of the contract, below the workspace's root.
const RELEASED: &str = "testing/released/sagemaker-pipeline-0.1.0.wasm";

/// What the two builds sign for. Nothing is granted while they are swapped.
const SERVICES: [&str; 2] = ["logs", "sagemaker"];

/// How long and how hard to soak.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often the plugin is swapped
    #[arg(long, default_value_t = 1_000)]
    swaps: usize,
    /// How often the tool is killed with SIGKILL and started again meanwhile
    #[arg(long, default_value_t = 10)]
    crashes: usize,
    /// How many runs are under way at any time
    #[arg(long, default_value_t = 64)]
    runs: usize,
}

/// Builds the component, the host and the emulator, then soaks.
///
/// # Errors
/// Where something doesn't compile or start, a run was lost or executed twice, or a call failed.
pub(crate) fn run(workspace: &Workspace, route: Route, options: &Options) -> Result<()> {
    println!("Building the component, the host and the emulator.");
    let folder = workspace.target.join("soak");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("pipelines"))?;
    fs::write(folder.join("pipelines/one-step.json"), ONE_STEP)?;
    let builds = [folder.join("today.wasm"), workspace.root.join(RELEASED)];
    component::build(workspace, route, &SHIPPED, &builds[0])?;
    host_tools::build(workspace)?;

    let tools = workspace.target.join("debug");
    let mut emulator = Command::new(tools.join("sagemaker-emulator"));
    emulator
        .args(["--port", "0", "--step-duration", "0.5", "--pipelines"])
        .arg(folder.join("pipelines"));
    let emulator = Emulator::start(&mut emulator, &folder.join("emulator.log"))?;
    let soak = Soak {
        harness: tools.join("polysync-harness"),
        endpoint: emulator.url.clone(),
        folder,
        builds,
        options,
    };
    let began = Instant::now();
    let mut tally = Tally::default();
    let served = soak.soak(&mut tally)?;
    let stats = stats(&emulator.url)?;
    report(&tally, &served, &stats, began.elapsed())
}

struct Soak<'a> {
    harness: PathBuf,
    endpoint: String,
    folder: PathBuf,
    /// Swapped in alternately.
    builds: [PathBuf; 2],
    options: &'a Options,
}

impl Soak<'_> {
    /// Serves until all swaps are done and all runs are over; returns the runs by their state.
    fn soak(&self, tally: &mut Tally) -> Result<BTreeMap<String, usize>> {
        self.replace_plugin(tally)?;
        loop {
            if let Some(runs) = self.serve(tally)? {
                return Ok(runs);
            }
        }
    }

    /// Serves until the end, and returns the runs by their state; `None` where the tool was killed.
    fn serve(&self, tally: &mut Tally) -> Result<Option<BTreeMap<String, usize>>> {
        let mut serving = Serving::start(&mut self.command())?;
        loop {
            let (event, line) = serving.next()?;
            match event.event.as_str() {
                "serving" => {
                    serving.start_runs(self.options.runs.saturating_sub(event.runs_alive()))?;
                    self.replace_plugin(tally)?;
                }
                "finished" => serving.start_runs(1)?,
                "swapped" => {
                    tally.swaps += 1;
                    if tally.swaps.is_multiple_of(100) {
                        println!("{} swaps", tally.swaps);
                    }
                    if tally.swaps == self.options.swaps {
                        serving.take_no_more_jobs();
                    } else if self.is_time_to_crash(tally) {
                        tally.crashes += 1;
                        return Ok(None);
                    } else {
                        self.replace_plugin(tally)?;
                    }
                }
                "drained" => tally.drained += 1,
                "served" => {
                    let Event { draining, runs, .. } = event;
                    ensure!(draining.is_empty(), "a generation still drains");
                    return Ok(Some(runs));
                }
                "accepted" | "starting" | "started" | "status" | "swap-unchanged" => {}
                _ => tally.failures.push(line),
            }
        }
    }

    fn is_time_to_crash(&self, tally: &Tally) -> bool {
        let between = self.options.swaps / (self.options.crashes + 1);
        between > 0 && tally.crashes < self.options.crashes && tally.swaps.is_multiple_of(between)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.harness);
        command
            .args(["serve", "--watch", "--until-done", "--json"])
            .args([
                "--poll-interval",
                "100ms",
                "--region",
                "us-east-1",
                "--ledger",
            ])
            .arg(self.folder.join("runs.db"))
            .arg("--component")
            .arg(self.plugin())
            .arg("--cache")
            .arg(self.folder.join("cache"))
            .args(["--endpoint-url", &self.endpoint])
            .args(SERVICES.map(|service| format!("--grant-service={service}")))
            .env("AWS_ACCESS_KEY_ID", "emulator")
            .env("AWS_SECRET_ACCESS_KEY", "emulator-secret")
            .env_remove("AWS_PROFILE")
            .env_remove("AWS_SESSION_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    fn plugin(&self) -> PathBuf {
        self.folder.join("plugin.wasm")
    }

    /// Replaces the plugin's file with the other build, so that a reader never finds half of it.
    fn replace_plugin(&self, tally: &Tally) -> Result<()> {
        let [even, odd] = &self.builds;
        let build = if tally.swaps.is_multiple_of(2) && self.plugin().exists() {
            even
        } else {
            odd
        };
        let new = self.folder.join("plugin.new");
        fs::copy(build, &new).context("can't copy the component")?;
        fs::rename(&new, self.plugin()).context("can't replace the component")
    }
}
