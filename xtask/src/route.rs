//! The routes to a compiler that builds the guest, and which of them are open on this machine.
//!
//! There are two routes to `wasm32-unknown-unknown`. Either the `rustc` in use has the target's
//! standard library, or Debian's `rustc-web` compiles the standard library from its sources along with
//! the guest. `compiler` opens a closed route.

use std::env;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use crate::machine::Machine;

/// The guest's target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The variable that chooses the [`Route`], even where the other one is open too.
pub const ROUTE_VARIABLE: &str = "XTASK_WASM_ROUTE";

/// Debian's compiler.
pub const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// Debian's cargo.
pub const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// The sources of Debian's standard library.
pub(crate) const DEBIAN_STD: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
/// Debian's linker for WebAssembly: a link to an lld whose package has the name of that lld.
pub(crate) const DEBIAN_LINKER: &str = "/usr/bin/rust-lld";

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

/// The name of a route that doesn't exist.
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
/// Where the variable names something else.
pub fn chosen_route() -> Result<Option<Route>, UnknownRoute> {
    match env::var(ROUTE_VARIABLE) {
        Ok(name) if !name.is_empty() => name.parse().map(Some),
        _ => Ok(None),
    }
}

/// No compiler on this machine can build the guest.
#[derive(Debug, Error)]
#[error(
    "no Rust compiler on this machine has the target {TARGET}: \
     run `cargo xtask setup` or `rustup target add {TARGET}`, then build again"
)]
pub struct NoWasmTarget;

/// Finds an open route, and changes nothing on the machine.
///
/// # Errors
/// Where neither route is open, or the chosen one isn't.
pub fn find(machine: &impl Machine, choice: Option<Route>) -> Result<Route, NoWasmTarget> {
    let is_open = |route: &Route| match route {
        Route::Rustup => rustc_has_target(machine),
        Route::Debian => missing_on_debian(machine).is_none(),
    };
    match choice {
        Some(route) => Some(route).filter(is_open),
        None => [Route::Rustup, Route::Debian].into_iter().find(is_open),
    }
    .ok_or(NoWasmTarget)
}

pub(crate) fn rustc_has_target(machine: &impl Machine) -> bool {
    let rustc = machine.rustc();
    machine
        .ask(&[&rustc, "--print", "target-libdir", "--target", TARGET])
        .is_some_and(|directory| machine.holds_libraries(Path::new(directory.trim_end())))
}

/// The first file of Debian's packages that is missing.
pub(crate) fn missing_on_debian(machine: &impl Machine) -> Option<&'static str> {
    [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_STD, DEBIAN_LINKER]
        .into_iter()
        .find(|path| !machine.exists(Path::new(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_read_from_its_name() {
        for route in [Route::Rustup, Route::Debian] {
            assert_eq!(route.to_string().parse::<Route>().unwrap(), route);
        }
        let error = "gentoo".parse::<Route>().unwrap_err();
        assert!(
            error.to_string().contains("choose rustup or debian"),
            "{error}"
        );
    }
}
