//! Measures the component and its host against native code and against boto3, in one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use polysync_host::{Host, Limits, Source};

use boto3::Python;
use endpoint::Emulators;
use report::{Machine, Report};

mod boto3;
mod chart;
mod compile;
mod csharp;
mod discovery;
mod endpoint;
mod growth;
mod load;
mod measure;
mod memory;
mod native;
mod over_http;
mod poll;
mod report;
mod stage;
mod status_call;
mod throughput;

/// Measures the component and its host against native code and against boto3
#[derive(Parser)]
struct Arguments {
    /// The component
    #[arg(long)]
    component: PathBuf,
    /// The emulator's program
    #[arg(long)]
    emulator: PathBuf,
    /// An earlier build of the component, to compare a status with, in the same rounds
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// The folder for the results
    #[arg(long)]
    output: PathBuf,
    /// The shared library, as `cargo xtask library` builds it
    #[arg(long)]
    library: PathBuf,
    /// The folder in which `cargo xtask setup` installs boto3
    #[arg(long)]
    python: PathBuf,
    /// What to measure [default: all]
    #[arg(value_enum)]
    measurements: Vec<Measurement>,
    /// How many rounds to measure
    #[arg(long, default_value_t = 30)]
    rounds: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// `status`, answered from memory: sandboxed and natively
    Status,
    /// `status` over loopback HTTP: this host and boto3
    Http,
    /// Many polls in flight
    Throughput,
    /// A round of polls of ten thousand runs
    Poll,
    /// A whole account, with throttling
    Discovery,
    /// Compile, load, swap
    Load,
    /// Larger and larger calls
    Growth,
    /// The worst components that the limits let through
    Compile,
    /// `status` from C# by the shared library, and from Rust
    Csharp,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let output = &arguments.output;
    fs::create_dir_all(output).with_context(|| format!("can't make {}", output.display()))?;
    let component = fs::read(&arguments.component)
        .with_context(|| format!("can't read {}", arguments.component.display()))?;
    let host = Host::new(Limits::recommended())?;
    let plugin = host.load(Source::bytes(component.clone())).await?;
    let baseline = match &arguments.baseline {
        Some(file) => Some(host.load(file.as_path()).await?),
        None => None,
    };
    let baseline = baseline.as_ref();
    let emulators = Emulators {
        binary: arguments.emulator.clone(),
        folder: output.clone(),
    };
    let rounds = arguments.rounds;
    let mut report = Report {
        machine: Machine {
            processors: available_parallelism().map_or(1, usize::from),
            system: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
        },
        ..Report::default()
    };
    let python = python(arguments)?;
    let python = python.as_ref();

    for measurement in Measurement::value_variants() {
        if !arguments.measures(*measurement) {
            continue;
        }
        let report = &mut report;
        match measurement {
            Measurement::Status => status_call::measure(&plugin, baseline, rounds, report).await,
            Measurement::Http => {
                let subjects = over_http::Subjects {
                    plugin: &plugin,
                    baseline,
                    python,
                };
                over_http::measure(&subjects, &emulators, output, rounds, report).await
            }
            Measurement::Throughput => throughput::measure(&component, &emulators, report).await,
            Measurement::Poll => poll::measure(&plugin, &emulators, report).await,
            Measurement::Discovery => {
                discovery::measure(&plugin, &emulators, python, output, report).await
            }
            Measurement::Load => load::measure(&component, rounds, report).await,
            Measurement::Growth => growth::measure(&plugin, rounds, report).await,
            Measurement::Compile => compile::measure(&component, output, report),
            Measurement::Csharp => {
                let files = csharp::Files {
                    component: &arguments.component,
                    library: arguments.library.clone(),
                    runtimes: &arguments.python,
                    sources: Path::new(env!("CARGO_MANIFEST_DIR")).join("../host-harness/dotnet"),
                    output,
                };
                csharp::measure(&files, &emulators, rounds, report).await
            }
        }?;
    }
    publish(&report, output)
}

impl Arguments {
    fn measures(&self, measurement: Measurement) -> bool {
        self.measurements.is_empty() || self.measurements.contains(&measurement)
    }
}

/// boto3, where it is to be measured and is installed.
fn python(arguments: &Arguments) -> Result<Option<Python>> {
    if !arguments.measures(Measurement::Http) && !arguments.measures(Measurement::Discovery) {
        return Ok(None);
    }
    Ok(boto3::with_requirements_or_skip(
        &arguments.python,
        "the measurements of boto3",
    )?)
}

fn publish(report: &Report, folder: &Path) -> Result<()> {
    let (json, svg) = (folder.join("results.json"), folder.join("chart.svg"));
    fs::write(&json, serde_json::to_vec_pretty(report)?)
        .with_context(|| format!("can't write {}", json.display()))?;
    println!(
        "{}\n\nThe results as JSON: {}",
        report.table(),
        json.display()
    );
    if !report.curves.is_empty() {
        chart::draw(&report.curves, &svg)
            .with_context(|| format!("can't draw {}", svg.display()))?;
        println!("The chart: {}", svg.display());
    }
    Ok(())
}
