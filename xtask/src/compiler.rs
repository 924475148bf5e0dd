//! Gets a compiler for the guest: by rustup, or by Debian's packages where rustup can't.
//!
//! Only `cargo xtask setup`, `demo` and `test` call this. It says what it is about to install before
//! it installs anything, and it never asks for more rights than it has: where system packages are
//! needed and the user isn't root, the error holds the command to run.

use std::io;

use thiserror::Error;

use crate::machine::{Machine, typed};
use crate::route::{Route, TARGET, missing_on_debian, rustc_has_target};

#[cfg(test)]
mod tests;

const DEBIAN_PACKAGES: &str = "rustc-web cargo-web rust-web-src rust-web-llvm";

/// The linker's package has the name of the lld that `/usr/bin/rust-lld` leads to.
const INSTALL_ON_DEBIAN: &str = "apt-get update \
    && apt-get install -y rustc-web cargo-web rust-web-src rust-web-llvm \
    && apt-get install -y \"$(basename \"$(readlink /usr/bin/rust-lld)\")\"";

/// Why there is no compiler for the guest after a set-up.
#[derive(Debug, Error)]
pub enum SetUpError {
    /// The chosen route is closed.
    #[error("the chosen route has no Rust compiler for {TARGET}: {0}")]
    Chosen(#[source] RouteError),
    /// Both routes are closed.
    #[error("no Rust compiler for {TARGET}. By rustup: {rustup}. By Debian's packages: {debian}")]
    Neither {
        /// Why rustup's route is closed.
        rustup: RouteError,
        /// Why the route of Debian's packages is closed.
        debian: RouteError,
    },
}

/// Why a route is closed.
#[derive(Debug, Error)]
pub enum RouteError {
    /// The program that would open the route isn't there.
    #[error("there is no {0} on this machine")]
    NoProgram(&'static str),
    /// The program that would open the route can't be started.
    #[error("can't start `{command}`: {reason}")]
    NotStarted {
        /// As a user would type it.
        command: String,
        /// The system's reason.
        reason: io::Error,
    },
    /// The command that would open the route failed.
    #[error("`{0}` failed; its reason is above")]
    Failed(String),
    /// rustup serves another compiler than the one that cargo calls.
    #[error(
        "rustup has added {TARGET} to its own toolchain, but cargo calls another rustc ({0}): \
         put rustup's first on the PATH"
    )]
    OtherRustc(String),
    /// Only root installs system packages.
    #[error("only root installs packages: run this as root, then try again: {0}")]
    NotRoot(String),
    /// The packages are installed, but one of their files is missing.
    #[error("its packages are installed, but {0} is missing")]
    Incomplete(&'static str),
}

/// Finds an open route, else opens one: by rustup, or by installing Debian's packages where rustup
/// can't.
///
/// # Errors
/// Where neither route can be opened, or the chosen one can't.
pub fn set_up(machine: &impl Machine, choice: Option<Route>) -> Result<Route, SetUpError> {
    match choice {
        Some(Route::Rustup) => by_rustup(machine).map_err(SetUpError::Chosen),
        Some(Route::Debian) => by_debian(machine).map_err(SetUpError::Chosen),
        None => by_rustup(machine).or_else(|rustup| {
            by_debian(machine).map_err(|debian| SetUpError::Neither { rustup, debian })
        }),
    }
}

fn by_rustup(machine: &impl Machine) -> Result<Route, RouteError> {
    if !rustc_has_target(machine) {
        if machine.ask(&["rustup", "--version"]).is_none() {
            return Err(RouteError::NoProgram("rustup"));
        }
        let install = ["rustup", "target", "add", TARGET];
        machine.announce(&format!(
            "Installing the standard library for {TARGET} by rustup: {}",
            typed(&install)
        ));
        run(machine, "rustup", &install)?;
        if !rustc_has_target(machine) {
            return Err(RouteError::OtherRustc(machine.rustc()));
        }
    }
    Ok(Route::Rustup)
}

fn by_debian(machine: &impl Machine) -> Result<Route, RouteError> {
    if missing_on_debian(machine).is_some() {
        install_on_debian(machine)?;
        if let Some(missing) = missing_on_debian(machine) {
            return Err(RouteError::Incomplete(missing));
        }
    }
    Ok(Route::Debian)
}

fn install_on_debian(machine: &impl Machine) -> Result<(), RouteError> {
    if machine.ask(&["apt-get", "--version"]).is_none() {
        return Err(RouteError::NoProgram("apt-get"));
    }
    let install = ["sh", "-c", INSTALL_ON_DEBIAN];
    if machine.ask(&["id", "-u"]).as_deref().map(str::trim) != Some("0") {
        return Err(RouteError::NotRoot(typed(&install)));
    }
    machine.announce(&format!(
        "Installing Debian's packages {DEBIAN_PACKAGES} and the linker that they name: {}",
        typed(&install)
    ));
    run(machine, "sh", &install)
}

fn run(machine: &impl Machine, program: &'static str, command: &[&str]) -> Result<(), RouteError> {
    match machine.run(command) {
        Ok(true) => Ok(()),
        Ok(false) => Err(RouteError::Failed(typed(command))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(RouteError::NoProgram(program))
        }
        Err(reason) => Err(RouteError::NotStarted {
            command: typed(command),
            reason,
        }),
    }
}
