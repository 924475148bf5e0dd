//! A Python with boto3 and moto: a virtual environment that is made once and kept in the target folder.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use thiserror::Error;

const REQUIREMENTS: &str = include_str!("../requirements.txt");
const PROBE_PYTHON: &str = "import sys; print(sys.version); sys.exit(sys.version_info < (3, 10))";
const PROBE_VENV: &str = "import ensurepip, venv";

/// The interpreter of a virtual environment in which the requirements are installed.
pub struct Python(PathBuf);

impl Python {
    /// A command that runs this interpreter.
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }
}

/// Why there is no environment.
#[derive(Debug, Error)]
pub enum NoPython {
    /// The machine lacks something that a person has to install.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A command that makes the environment failed.
    #[error("can't make a virtual environment: `{command}` failed:\n{output}")]
    Failed {
        /// The command line.
        command: String,
        /// What it printed.
        output: String,
    },
    /// The target folder can't be written, or a process can't be started.
    #[error("can't make a virtual environment")]
    Io(#[from] io::Error),
}

/// What a machine may lack.
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
}

/// Finds the environment in `folder`, or makes it there.
///
/// Returns `None` and says why on standard error where the machine lacks what that takes, so that
/// the caller skips `what`.
///
/// # Errors
/// Where the environment can't be made; with `CI=true` also where the machine lacks something.
pub fn with_requirements_or_skip(folder: &Path, what: &str) -> Result<Option<Python>, NoPython> {
    match with_requirements(folder) {
        Err(NoPython::Missing(missing)) if env::var("CI").as_deref() != Ok("true") => {
            // Not `eprintln`, which the test harness keeps to itself.
            io::stderr().write_all(format!("SKIPPED {what}: {missing}\n").as_bytes())?;
            Ok(None)
        }
        found => found.map(Some),
    }
}

fn with_requirements(folder: &Path) -> Result<Python, NoPython> {
    let version = match run(Command::new("python3").args(["-c", PROBE_PYTHON])) {
        Ok((true, version)) => version,
        Ok((false, output)) => return Err(Missing::Python(last_line(&output)).into()),
        Err(error) => return Err(Missing::Python(error.to_string()).into()),
    };
    let environment = folder.join("boto3");
    let python = Python(environment.join("bin/python"));
    let wanted = format!("{version}{REQUIREMENTS}");
    let marker = environment.join("complete");

    // One at a time makes the environment.
    let lock = File::create(folder.join("boto3.lock"))?;
    lock.lock()?;
    if fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    make(&environment, &lock)?;
    install(&python, folder, &lock)?;
    fs::write(marker, wanted)?;
    Ok(python)
}

fn make(environment: &Path, lock: &File) -> Result<(), NoPython> {
    let (has_venv, output) = run(Command::new("python3").args(["-c", PROBE_VENV]))?;
    if !has_venv {
        return Err(Missing::Venv(last_line(&output)).into());
    }
    // Clears what an interrupted run left, its marker included.
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(environment);
    succeed(&mut venv, lock)
}

fn install(python: &Python, folder: &Path, lock: &File) -> Result<(), NoPython> {
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
    // Without PyPI no boto3 at all can be had; with it, the requirements are at fault.
    let mut download = quiet_pip("download");
    download.args(["--no-deps", "--no-cache-dir", "boto3", "--dest"]);
    let (has_pypi, output) = run(download.arg(folder.join("boto3-download")))?;
    match has_pypi {
        true => Err(failure),
        false => Err(Missing::PyPi(last_line(&output)).into()),
    }
}

fn succeed(command: &mut Command, lock: &File) -> Result<(), NoPython> {
    // The command outlives a test that is killed: it shares the lock until it is done writing.
    match run(command.stdin(lock.try_clone()?))? {
        (true, _) => Ok(()),
        (false, output) => Err(NoPython::Failed {
            command: format!("{command:?}"),
            output,
        }),
    }
}

/// Whether a command succeeds, and what it prints.
///
/// # Errors
/// Where it can't be started.
pub fn run(command: &mut Command) -> io::Result<(bool, String)> {
    let done = command.output()?;
    let output = [done.stdout, done.stderr].concat();
    let output = String::from_utf8_lossy(&output).into_owned();
    Ok((done.status.success(), output))
}

fn last_line(output: &str) -> String {
    output.lines().last().unwrap_or_default().to_owned()
}
