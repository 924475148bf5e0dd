//! The virtual environment: where it is, what it has to hold, and how its programs are run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use test_support::process;
use thiserror::Error;

pub(crate) const REQUIREMENTS: &str = include_str!("../requirements.txt");
const PROBE_VERSION: &str = "import sys; print(sys.version); sys.exit(sys.version_info < (3, 10))";

/// Long enough for the slowest of the scripts and for a slow package index.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The interpreter of a virtual environment in which the requirements are installed.
pub struct Python(PathBuf);

impl Python {
    /// A command that runs this interpreter.
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }
}

/// What the machine lacks, for a person to install.
#[derive(Debug, Error)]
pub enum Missing {
    /// Python is missing or too old.
    #[error("python3 can't be run: install Python 3.10 or later, e.g. `apt install python3` ({0})")]
    Python(String),
    /// Python lacks its modules `venv` or `ensurepip`.
    #[error(
        "python3 can't make virtual environments: install its venv and ensurepip modules, e.g. \
         `apt install python3-venv` ({0})"
    )]
    Venv(String),
    /// The package index can't be reached.
    #[error(
        "pip can't download boto3: connect to the internet, or name a mirror of PyPI in \
         PIP_INDEX_URL ({0})"
    )]
    PyPi(String),
    /// Nobody has made the environment yet, or it has other versions.
    #[error("boto3 and moto are not installed in the target folder: run `cargo xtask setup`")]
    Environment,
}

/// Finds the environment below `folder`; installs nothing.
///
/// # Errors
/// Where Python or the environment is missing.
pub fn find(folder: &Path) -> Result<Python, Missing> {
    let environment = Environment::below(folder)?;
    if environment.is_complete() {
        Ok(environment.python())
    } else {
        Err(Missing::Environment)
    }
}

/// Runs a command to its end: whether it succeeds, and what it prints.
///
/// # Errors
/// Where the command can't be started, or is killed because it takes longer than a quarter of an hour.
pub fn run(command: &mut Command) -> io::Result<(bool, String)> {
    run_with_input(command, Stdio::null())
}

pub(crate) fn run_with_input(command: &mut Command, input: Stdio) -> io::Result<(bool, String)> {
    let done = process::output_of_input(command, input, LIMIT)?;
    let output = [done.stdout, done.stderr].concat();
    let output = String::from_utf8_lossy(&output).into_owned();
    Ok((done.status.success(), output))
}

/// Where the environment is, and what it has to hold.
pub(crate) struct Environment {
    pub(crate) folder: PathBuf,
    /// The interpreter's version and the requirements: a change of either needs a new environment.
    pub(crate) wanted: String,
}

impl Environment {
    pub(crate) fn below(folder: &Path) -> Result<Self, Missing> {
        let version = match run(Command::new("python3").args(["-c", PROBE_VERSION])) {
            Ok((true, version)) => version,
            Ok((false, output)) => return Err(Missing::Python(last_line(&output))),
            Err(error) => return Err(Missing::Python(error.to_string())),
        };
        Ok(Self {
            folder: folder.join("boto3"),
            wanted: format!("{version}{REQUIREMENTS}"),
        })
    }

    pub(crate) fn python(&self) -> Python {
        Python(self.folder.join("bin/python"))
    }

    /// Written last, with what is installed.
    pub(crate) fn marker(&self) -> PathBuf {
        self.folder.join("complete")
    }

    pub(crate) fn is_complete(&self) -> bool {
        fs::read_to_string(self.marker()).is_ok_and(|found| found == self.wanted)
    }
}

pub(crate) fn last_line(output: &str) -> String {
    output.lines().last().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_that_nobody_has_made_is_not_found() {
        let folder = tempfile::tempdir().unwrap();
        assert!(find(folder.path()).is_err());
        assert!(!folder.path().join("boto3").exists());
    }

    #[test]
    fn an_environment_with_other_requirements_is_not_complete() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            folder: folder.path().to_owned(),
            wanted: "3.12 boto3==2".to_owned(),
        };
        fs::write(environment.marker(), "3.12 boto3==1").unwrap();
        assert!(!environment.is_complete());
        fs::write(environment.marker(), "3.12 boto3==2").unwrap();
        assert!(environment.is_complete());
    }

    #[test]
    fn the_last_line_of_an_output_is_its_reason() {
        assert_eq!(
            last_line("Traceback\nNo module named venv\n"),
            "No module named venv"
        );
        assert_eq!(last_line(""), "");
    }
}
