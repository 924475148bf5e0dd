//! The checks of `cargo xtask test`, in order; the first that fails ends them.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use xtask::environment;
use xtask::machine::typed;
use xtask::wasm_target::{ROUTE_VARIABLE, Route};
use xtask::workspace::Workspace;

use crate::test_output;

/// One check: a cargo command.
struct Stage {
    name: &'static str,
    arguments: &'static str,
    variable: Option<(&'static str, &'static str)>,
}

const fn stage(name: &'static str, arguments: &'static str) -> Stage {
    Stage {
        name,
        arguments,
        variable: None,
    }
}

const FORMAT: Stage = stage("Format", "fmt --all --check");
const LINTS: Stage = stage(
    "Lints",
    "clippy --workspace --all-targets --all-features -- -D warnings",
);
const LINTS_OF_THE_GUEST: Stage = stage(
    "Lints of the guest",
    "clippy --package sagemaker-pipeline --lib --target wasm32-unknown-unknown -- -D warnings",
);
const DOCUMENTATION: Stage = Stage {
    variable: Some(("RUSTDOCFLAGS", "-D warnings")),
    ..stage("Documentation", "doc --workspace --all-features --no-deps")
};
const EXAMPLES: Stage = stage(
    "Examples in the documentation",
    "test --workspace --all-features --doc",
);
const BUILD: Stage = stage(
    "Build of the tests",
    "test --workspace --all-features --all-targets --no-run",
);
/// By cargo itself and not by nextest, which starts a process for each test: the end-to-end tests
/// share what takes longest, the compiled component.
const TESTS: Stage = stage("Tests", "test --workspace --all-features --all-targets");

/// Runs all checks, with the guest built by the route that the user chose, if any. The last to
/// write is the runner of the tests, with its summary.
///
/// # Errors
/// Where a check fails; the command that repeats it is named.
pub(crate) fn run(workspace: &Workspace, route: Route, choice: Option<Route>) -> Result<()> {
    let cargo = environment::cargo();
    let stages = stages(route);
    if route == Route::Debian {
        println!("The guest is not linted for its own target: Debian has no clippy for it.");
    }
    for (number, stage) in (1..).zip(&stages) {
        println!(
            "\n[{number}/{}] {}: {}",
            stages.len(),
            stage.name,
            stage.command()
        );
        let started = Instant::now();
        let mut command = Command::new(&cargo);
        let command = environment::without_outer_cargo(&mut command)
            .current_dir(&workspace.root)
            .args(stage.arguments.split(' '))
            .envs(stage.variable)
            .envs(choice.map(|route| (ROUTE_VARIABLE, route.to_string())));
        let status = if stage.name == TESTS.name {
            test_output::run(command.args(["--", "--show-output"]))?
        } else {
            command
                .status()
                .with_context(|| format!("can't start {cargo}"))?
        };
        if !status.success() {
            bail!("{} failed; to repeat it: {}", stage.name, stage.command());
        }
        if number < stages.len() {
            println!("{}: {:.0} s", stage.name, started.elapsed().as_secs_f64());
        }
    }
    Ok(())
}

fn stages(route: Route) -> Vec<&'static Stage> {
    let mut stages = vec![&FORMAT, &LINTS];
    if route == Route::Rustup {
        stages.push(&LINTS_OF_THE_GUEST);
    }
    stages.extend([&DOCUMENTATION, &BUILD, &EXAMPLES, &TESTS]);
    stages
}

impl Stage {
    /// The command as a user would type it.
    fn command(&self) -> String {
        let variable = self
            .variable
            .map(|(name, value)| format!("{name}={} ", typed(&[value])));
        format!("{}cargo {}", variable.unwrap_or_default(), self.arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_come_last_so_that_their_summary_does() {
        for route in [Route::Rustup, Route::Debian] {
            assert_eq!(stages(route).last().unwrap().name, TESTS.name);
        }
    }

    #[test]
    fn without_rustups_clippy_the_guest_is_not_linted() {
        let names: Vec<_> = stages(Route::Debian)
            .iter()
            .map(|stage| stage.name)
            .collect();
        assert!(!names.contains(&LINTS_OF_THE_GUEST.name));
    }

    #[test]
    fn a_stage_shows_the_command_that_repeats_it() {
        assert_eq!(
            DOCUMENTATION.command(),
            "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --all-features --no-deps"
        );
    }
}
