//! `cargo xtask soak`: the tool serves under load while its plugin is swapped a thousand times by
//! replacing the file, and is killed and started again now and then. At the end each run has to have
//! succeeded, and the emulator has to have executed each once.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde::Deserialize;
use xtask::component::{self, Build, SHIPPED};
use xtask::emulator::Emulator;
use xtask::wasm_target::Route;
use xtask::workspace::Workspace;

use crate::demo::build_tools;

const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;
const JOB: &str = r#"{"externalId": "one-step"}"#;

/// How long and how hard.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How often the plugin is swapped
    #[arg(long, default_value_t = 1_000)]
    swaps: usize,
    /// How often the tool is killed with SIGKILL meanwhile, and started again
    #[arg(long, default_value_t = 10)]
    crashes: usize,
    /// How many runs there are at any time
    #[arg(long, default_value_t = 64)]
    runs: usize,
}

/// What an event of `serve --json` says, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Event {
    event: String,
    /// By state, in `serving` and `served`.
    #[serde(default)]
    runs: BTreeMap<String, usize>,
    #[serde(default)]
    draining: Vec<serde::de::IgnoredAny>,
}

/// What the emulator has counted.
#[derive(Debug, Deserialize)]
struct Stats {
    requests: BTreeMap<String, usize>,
    executions: BTreeMap<String, usize>,
}

#[derive(Debug, Default)]
struct Tally {
    swaps: usize,
    crashes: usize,
    drained: usize,
    /// Lines that tell of anything that failed.
    failures: Vec<String>,
}

/// Builds all that is needed, then soaks.
///
/// # Errors
/// Where something doesn't build or start, a run was lost or executed twice, or a call failed.
pub(crate) fn run(workspace: &Workspace, route: Route, options: &Options) -> Result<()> {
    println!("Building two versions of the component, the host and the emulator.");
    let folder = workspace.target.join("soak");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("pipelines"))?;
    fs::write(folder.join("pipelines/one-step.json"), ONE_STEP)?;
    let builds = [folder.join("0.2.0.wasm"), folder.join("shipped.wasm")];
    let next = Build {
        version: Some("0.2.0"),
        ..SHIPPED
    };
    component::build(workspace, route, &next, &builds[0])?;
    component::build(workspace, route, &SHIPPED, &builds[1])?;
    build_tools(workspace)?;

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
    /// Swapped in by turns.
    builds: [PathBuf; 2],
    options: &'a Options,
}

/// The tool while it serves.
struct Serving {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Serving {
    fn start_runs(&mut self, number: usize) -> Result<()> {
        if let Some(stdin) = &mut self.stdin {
            for _ in 0..number {
                writeln!(stdin, "{JOB}").context("the tool takes no more jobs")?;
            }
        }
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails only where the tool has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Soak<'_> {
    /// Serves until all swaps are done and all runs are over; gives the runs by their end.
    fn soak(&self, tally: &mut Tally) -> Result<BTreeMap<String, usize>> {
        self.put_plugin(tally)?;
        loop {
            if let Some(runs) = self.serve(tally)? {
                return Ok(runs);
            }
        }
    }

    /// Serves until the end, or until the tool was killed.
    fn serve(&self, tally: &mut Tally) -> Result<Option<BTreeMap<String, usize>>> {
        let mut child = self.command().spawn().context("can't start the tool")?;
        let events = BufReader::new(child.stdout.take().context("no output")?).lines();
        let stdin = child.stdin.take();
        let mut serving = Serving { child, stdin };
        for line in events {
            let line = line.context("can't read what the tool tells")?;
            let event: Event = serde_json::from_str(&line).context("no event")?;
            match event.event.as_str() {
                "serving" => {
                    let over: usize = ["success", "failed"]
                        .iter()
                        .filter_map(|state| event.runs.get(*state))
                        .sum();
                    let alive = event.runs.values().sum::<usize>() - over;
                    serving.start_runs(self.options.runs.saturating_sub(alive))?;
                    self.put_plugin(tally)?;
                }
                "finished" => serving.start_runs(1)?,
                "swapped" => {
                    tally.swaps += 1;
                    if tally.swaps.is_multiple_of(100) {
                        println!("{} swaps", tally.swaps);
                    }
                    if tally.swaps == self.options.swaps {
                        serving.stdin = None;
                    } else if self.is_time_to_crash(tally) {
                        tally.crashes += 1;
                        return Ok(None);
                    } else {
                        self.put_plugin(tally)?;
                    }
                }
                "drained" => tally.drained += 1,
                "served" => {
                    ensure!(event.draining.is_empty(), "a generation still drains");
                    return Ok(Some(event.runs));
                }
                "accepted" | "starting" | "started" | "status" | "swap-unchanged" => {}
                _ => tally.failures.push(line),
            }
        }
        bail!(
            "the tool ended before all swaps were done: {:?}",
            serving.child.wait()?
        )
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

    /// Puts the build whose turn it is in the plugin's place, whole.
    fn put_plugin(&self, tally: &Tally) -> Result<()> {
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

/// What the emulator has counted, over its own HTTP interface.
fn stats(endpoint: &str) -> Result<Stats> {
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).context("the emulator is gone")?;
    write!(
        stream,
        "GET /_emulator/stats HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("no HTTP answer")?;
    serde_json::from_str(body).context("the emulator's counts can't be understood")
}

fn report(
    tally: &Tally,
    runs: &BTreeMap<String, usize>,
    stats: &Stats,
    took: Duration,
) -> Result<()> {
    let all: usize = runs.values().sum();
    let successes = runs.get("success").copied().unwrap_or_default();
    let executions: usize = stats.executions.values().sum();
    let requests: usize = stats.requests.values().sum();
    println!(
        "\n{:<48}{:>10}",
        "swaps, each by replacing the file", tally.swaps
    );
    println!(
        "{:<48}{:>10}",
        "swapped-out generations seen to drain", tally.drained
    );
    println!("{:<48}{:>10}", "kill -9 and restart", tally.crashes);
    println!("{:<48}{:>10}", "runs in the ledger", all);
    println!("{:<48}{:>10}", "  of which succeeded", successes);
    println!(
        "{:<48}{:>10}",
        "executions, by the emulator's count", executions
    );
    println!(
        "{:<48}{:>10}",
        "requests, by the emulator's count", requests
    );
    println!(
        "{:<48}{:>10}",
        "calls, swaps or orders that failed",
        tally.failures.len()
    );
    println!("{:<48}{:>8} s", "time", took.as_secs());
    for failure in tally.failures.iter().take(10) {
        println!("{failure}");
    }
    ensure!(tally.failures.is_empty(), "something failed");
    ensure!(successes == all, "not every run succeeded");
    ensure!(executions == all, "a run was lost, or executed twice");
    println!("\nNothing was lost, and nothing was done twice.");
    Ok(())
}
