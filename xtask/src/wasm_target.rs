//! The compiler that builds the guest: which one can, and how to get one.
//!
//! There are two routes to `wasm32-unknown-unknown`. The `rustc` in use has the target's standard
//! library, or rustup adds it. Where that is out of reach, Debian's `rustc-web` compiles the
//! standard library from its sources, along with the guest.

use std::env;
use std::fmt;
use std::io;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use crate::machine::{Machine, typed};

#[cfg(test)]
mod tests;

/// The guest's target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Names a [`Route`] to be taken whatever else the machine has.
pub const ROUTE_VARIABLE: &str = "XTASK_WASM_ROUTE";

/// Debian's compiler.
pub const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// Debian's cargo.
pub const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// The sources of Debian's standard library.
const DEBIAN_STD: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
/// Debian's linker for WebAssembly: a link to an lld whose package has the name of that lld.
const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";

const INSTALL_ON_DEBIAN: &str = "apt-get update \
    && apt-get install -y rustc-web cargo-web rust-web-src rust-web-llvm \
    && apt-get install -y \"$(basename \"$(readlink /usr/bin/rust-lld)\")\"";

/// A way to compile the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The `rustc` in use has the target's standard library.
    Rustup,
    /// Debian's `rustc-web` compiles the standard library too.
    Debian,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        })
    }
}

/// A route by a name that isn't one.
#[derive(Debug, Error)]
#[error("there is no route \"{0}\" to {TARGET}: choose rustup or debian")]
pub struct UnknownRoute(String);

impl FromStr for Route {
    type Err = UnknownRoute;

    fn from_str(name: &str) -> Result<Self, UnknownRoute> {
        match name {
            "rustup" => Ok(Self::Rustup),
            "debian" => Ok(Self::Debian),
            other => Err(UnknownRoute(other.to_owned())),
        }
    }
}

/// The route that the environment's [`ROUTE_VARIABLE`] names, if it names one.
///
/// # Errors
/// Where it names something else.
pub fn chosen_route() -> Result<Option<Route>, UnknownRoute> {
    match env::var(ROUTE_VARIABLE) {
        Ok(name) if !name.is_empty() => name.parse().map(Some),
        _ => Ok(None),
    }
}

/// No compiler on this machine builds the guest as things are.
#[derive(Debug, Error)]
#[error(
    "no Rust compiler on this machine has the target {TARGET}: \
     run `cargo xtask setup` or `rustup target add {TARGET}`, then build again"
)]
pub struct NoWasmTarget;

/// Finds the route that is open as the machine is, and changes nothing.
///
/// # Errors
/// Where neither route is open, or the one that was chosen isn't.
pub fn find(machine: &impl Machine, choice: Option<Route>) -> Result<Route, NoWasmTarget> {
    let is_open = |route: &Route| match route {
        Route::Rustup => rustc_has_target(machine),
        Route::Debian => debian_is_installed(machine),
    };
    match choice {
        Some(route) => Some(route).filter(is_open),
        None => [Route::Rustup, Route::Debian].into_iter().find(is_open),
    }
    .ok_or(NoWasmTarget)
}

/// Why a set-up didn't end with a compiler for the guest.
#[derive(Debug, Error)]
pub enum SetUpError {
    /// The route that was chosen is closed.
    #[error("no Rust compiler for {TARGET} by the route that was chosen: {0}")]
    Chosen(#[source] RouteError),
    /// Both routes are closed.
    #[error("no Rust compiler for {TARGET}. By rustup: {rustup}. By Debian's packages: {debian}")]
    Neither {
        /// Why not by rustup.
        rustup: RouteError,
        /// Why not by Debian's packages.
        debian: RouteError,
    },
}

/// Why a route is closed.
#[derive(Debug, Error)]
pub enum RouteError {
    /// The program that would open it isn't there.
    #[error("there is no {0} on this machine")]
    NoProgram(&'static str),
    /// The program that would open it can't be started.
    #[error("can't start `{command}`: {reason}")]
    NotStarted {
        /// As a user would type it.
        command: String,
        /// The system's.
        reason: io::Error,
    },
    /// The command that would open it failed.
    #[error("`{0}` failed, its reason is above")]
    Failed(String),
    /// rustup serves another compiler than the one that cargo calls.
    #[error(
        "rustup has added {TARGET} to its own toolchain, but cargo calls another rustc ({0}): \
         put rustup's first on the PATH"
    )]
    OtherRustc(String),
    /// Only root installs packages.
    #[error("installing needs root, so run this and try again: {0}")]
    NoRight(String),
    /// The packages are installed, and yet there is no compiler.
    #[error("its packages are installed, but {0} is missing")]
    Incomplete(&'static str),
}

/// Finds a route that is open, else opens one: by rustup, and where that is out of reach, by
/// installing Debian's packages.
///
/// # Errors
/// Where neither route can be opened, or the one that was chosen can't.
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
        run(machine, "rustup", &["rustup", "target", "add", TARGET])?;
        if !rustc_has_target(machine) {
            return Err(RouteError::OtherRustc(machine.rustc()));
        }
    }
    Ok(Route::Rustup)
}

fn rustc_has_target(machine: &impl Machine) -> bool {
    let rustc = machine.rustc();
    machine
        .ask(&[&rustc, "--print", "target-libdir", "--target", TARGET])
        .is_some_and(|directory| machine.holds_libraries(Path::new(directory.trim_end())))
}

fn by_debian(machine: &impl Machine) -> Result<Route, RouteError> {
    if !debian_is_installed(machine) {
        install_on_debian(machine)?;
        if let Some(missing) = missing_on_debian(machine) {
            return Err(RouteError::Incomplete(missing));
        }
    }
    Ok(Route::Debian)
}

fn debian_is_installed(machine: &impl Machine) -> bool {
    missing_on_debian(machine).is_none()
}

fn missing_on_debian(machine: &impl Machine) -> Option<&'static str> {
    [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_STD, DEBIAN_LINKER]
        .into_iter()
        .find(|path| !machine.exists(Path::new(path)))
}

fn install_on_debian(machine: &impl Machine) -> Result<(), RouteError> {
    if machine.ask(&["apt-get", "--version"]).is_none() {
        return Err(RouteError::NoProgram("apt-get"));
    }
    let is_root = || machine.ask(&["id", "-u"]).as_deref().map(str::trim) == Some("0");
    let install = ["sh", "-c", INSTALL_ON_DEBIAN];
    if is_root() {
        run(machine, "sh", &install)
    } else if machine.ask(&["sudo", "-n", "true"]).is_some() {
        run(machine, "sudo", &[&["sudo", "-n"], &install[..]].concat())
    } else {
        let command = typed(&[&["sudo"], &install[..]].concat());
        Err(RouteError::NoRight(command))
    }
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
