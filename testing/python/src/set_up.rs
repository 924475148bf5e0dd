//! Makes the virtual environment and installs the requirements in it.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::Command;

use thiserror::Error;

use crate::environment::{Environment, Missing, Python, REQUIREMENTS, last_line, run_with_input};

const PROBE_VENV: &str = "import ensurepip, venv";

/// Why the environment can't be made.
#[derive(Debug, Error)]
pub enum SetUpError {
    /// The machine lacks something that a person has to install.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A command that makes the environment failed.
    #[error("can't make a virtual environment: `{command}` failed:\n{output}")]
    Failed {
        /// The command line.
        command: String,
        /// What the command printed.
        output: String,
    },
    /// The target folder can't be written, or a command can't be started or takes too long.
    #[error("can't make a virtual environment: {0}")]
    Io(#[from] io::Error),
}

/// Makes the environment below `folder`, unless it is there and complete.
///
/// Calls `announce` with one sentence before it installs anything.
///
/// # Errors
/// Where the machine lacks Python or its modules, or the package index can't be reached.
pub fn set_up(folder: &Path, announce: impl FnOnce(&str)) -> Result<Python, SetUpError> {
    let environment = Environment::below(folder)?;
    fs::create_dir_all(folder)?;
    // One process at a time makes the environment.
    let lock = File::create(folder.join("boto3.lock"))?;
    lock.lock()?;
    if !environment.is_complete() {
        announce(&format!(
            "Installing {} Python packages (boto3, moto and what they need) from PyPI into {}.",
            packages(),
            environment.folder.display()
        ));
        make(&environment.folder, &lock)?;
        install(&environment.python(), folder, &lock)?;
        fs::write(environment.marker(), &environment.wanted)?;
    }
    Ok(environment.python())
}

fn packages() -> usize {
    REQUIREMENTS
        .lines()
        .filter(|line| line.contains("=="))
        .count()
}

fn make(environment: &Path, lock: &File) -> Result<(), SetUpError> {
    let (has_venv, output) = run(Command::new("python3").args(["-c", PROBE_VENV]), lock)?;
    if !has_venv {
        return Err(Missing::Venv(last_line(&output)).into());
    }
    // Clears what an interrupted run left, also the marker.
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(environment);
    succeed(&mut venv, lock)
}

fn install(python: &Python, folder: &Path, lock: &File) -> Result<(), SetUpError> {
    let quiet_pip = |subcommand: &str| {
        let mut pip = python.command();
        pip.args(["-m", "pip", subcommand, "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--retries", "1"])
            .args(["--only-binary", ":all:"]);
        pip
    };
    let mut install = quiet_pip("install");
    let requirements = folder.join("boto3-requirements.txt");
    fs::write(&requirements, REQUIREMENTS)?;
    install.arg("--requirement").arg(requirements);
    let Err(failure) = succeed(&mut install, lock) else {
        return Ok(());
    };
    // Where boto3 can't be downloaded in any version, the index is out of reach. Otherwise the
    // requirements are at fault.
    let mut download = quiet_pip("download");
    download.args(["--no-deps", "--no-cache-dir", "boto3", "--dest"]);
    let (has_index, output) = run(download.arg(folder.join("boto3-download")), lock)?;
    match has_index {
        true => Err(failure),
        false => Err(Missing::PyPi(last_line(&output)).into()),
    }
}

fn succeed(command: &mut Command, lock: &File) -> Result<(), SetUpError> {
    match run(command, lock)? {
        (true, _) => Ok(()),
        (false, output) => Err(SetUpError::Failed {
            command: format!("{command:?}"),
            output,
        }),
    }
}

/// Runs a command that outlives this process if that is killed: the command shares the lock until it
/// is done writing.
fn run(command: &mut Command, lock: &File) -> io::Result<(bool, String)> {
    run_with_input(command, lock.try_clone()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_that_are_announced_are_those_of_the_requirements() {
        assert!(REQUIREMENTS.contains("boto3=="), "{REQUIREMENTS}");
        let comments = REQUIREMENTS.lines().filter(|line| line.starts_with('#'));
        assert_eq!(packages() + comments.count(), REQUIREMENTS.lines().count());
    }
}
