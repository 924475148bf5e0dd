//! `cargo xtask bench`: builds everything optimised, then lets the benchmark measure it.
//!
//! It installs nothing: boto3 is measured where `cargo xtask setup` has installed it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use xtask::route::Route;
use xtask::workspace::Workspace;
use xtask::{component, environment};

/// What to measure: passed on to the benchmark.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure, of status, http, throughput, poll, discovery, load, growth, compile and
    /// csharp [default: all], and `--rounds`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the component, the benchmark and the emulator, and runs the benchmark.
///
/// # Errors
/// Where something doesn't compile or can't be measured.
pub(crate) fn run(workspace: &Workspace, route: Route, options: &Options) -> Result<()> {
    println!(
        "Building the component, the benchmark and the emulator; the first time takes minutes."
    );
    let component = component::default_path(workspace);
    component::build(workspace, route, &component::SHIPPED, &component)?;
    let cargo = environment::cargo();
    let status = environment::without_outer_cargo(&mut Command::new(&cargo))
        .current_dir(&workspace.root)
        .args([
            "build",
            "--workspace",
            "--all-features",
            "--profile",
            "host",
        ])
        .args(["--bin", "benchmark", "--bin", "compile-once"])
        .args(["--bin", "sagemaker-emulator"])
        .status()
        .with_context(|| format!("can't start {cargo}"))?;
    ensure!(status.success(), "the benchmark doesn't compile");

    let programs = workspace.target.join("host");
    let benchmark = programs.join("benchmark");
    let status = Command::new(&benchmark)
        .arg("--component")
        .arg(component)
        .arg("--emulator")
        .arg(programs.join("sagemaker-emulator"))
        .arg("--output")
        .arg(workspace.target.join("bench"))
        .arg("--library")
        .arg(workspace.target.join("library/libpolysync_host.so"))
        .arg("--python")
        .arg(workspace.test_folder())
        .args(&options.arguments)
        .status()
        .with_context(|| format!("can't start {}", benchmark.display()))?;
    ensure!(
        status.success(),
        "not everything could be measured: the reason is above"
    );
    Ok(())
}
