//! `cargo xtask test`: runs all checks, whatever fails, and ends with a list of what failed and of what
//! was skipped.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result};
use test_support::skip;
use xtask::environment;
use xtask::route::{ROUTE_VARIABLE, Route};
use xtask::workspace::Workspace;

use crate::checks::{self, Check, Kind};
use crate::setup::{self, LeftOut};
use crate::summary::Summary;
use crate::test_output;

const SET_UP: &str = "cargo xtask setup";

/// Runs all checks, with the guest built by the route that the user chose, if any.
///
/// # Errors
/// Where cargo can't be started.
pub(crate) fn run(workspace: &Workspace, route: Route, choice: Option<Route>) -> Result<ExitCode> {
    let mut summary = Summary::default();
    install_packages(workspace, &mut summary);
    if let Some((check, why)) = checks::left_out(route) {
        summary.skip(check, why);
    }
    let checks = checks::all(route);
    let mut is_built = true;
    for (number, check) in (1..).zip(&checks) {
        if check.kind == Kind::Tests && !is_built {
            summary.skip(check.name, "the tests don't compile");
            continue;
        }
        println!(
            "\n[{number}/{}] {}: {}",
            checks.len(),
            check.name,
            check.command()
        );
        let started = Instant::now();
        let passed = run_check(check, workspace, choice, &mut summary)?;
        if check.kind == Kind::Build {
            is_built = passed;
        }
        let outcome = if passed { "passed" } else { "FAILED" };
        let seconds = started.elapsed().as_secs_f64();
        println!("{}: {outcome} after {seconds:.0} s", check.name);
    }
    println!("\n{summary}");
    Ok(match summary.has_failures() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Installs what the tests compare with. Where that fails, the tests that need it are skipped; with
/// `CI=true` it is a failure.
fn install_packages(workspace: &Workspace, summary: &mut Summary) {
    for LeftOut { what, why } in setup::install_packages(workspace) {
        if skip::is_forbidden() {
            summary.fail(format!("{what}: {why}"), SET_UP.to_owned());
        } else {
            summary.skip(what, &why);
        }
    }
}

/// Runs one check, and returns whether it passed.
fn run_check(
    check: &Check,
    workspace: &Workspace,
    choice: Option<Route>,
    summary: &mut Summary,
) -> Result<bool> {
    let cargo = environment::cargo();
    let mut command = Command::new(&cargo);
    environment::without_outer_cargo(&mut command)
        .current_dir(&workspace.root)
        .args(check.arguments.split(' '))
        .envs(check.variable)
        .envs(choice.map(|route| (ROUTE_VARIABLE, route.to_string())));
    if check.kind == Kind::Tests {
        command.args(["--", "--show-output"]);
        let report = test_output::run(command)?;
        let passed = report.has_passed();
        summary.add_tests(report, check);
        return Ok(passed);
    }
    let status = command
        .status()
        .with_context(|| format!("can't start {cargo}"))?;
    if !status.success() {
        summary.fail(check.name.to_owned(), check.command());
    }
    Ok(status.success())
}
