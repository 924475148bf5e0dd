//! The environment of a cargo that is started by another cargo.
//!
//! Cargo sets variables about the current package for build scripts and for programs that `cargo run`
//! starts. A second cargo would mistake them for the user's own settings: flags for the host would
//! reach the guest, and each cargo would rebuild what the other has built.

use std::env;
use std::process::Command;

/// Set by cargo for each package or build script.
/// Source: "Environment Variables" in The Cargo Book.
const SET_BY_CARGO: &[&str] = &[
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_PRIMARY_PACKAGE",
    "DEBUG",
    "HOST",
    "NUM_JOBS",
    "OPT_LEVEL",
    "OUT_DIR",
    "PROFILE",
    "RUSTC_LINKER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTDOC",
    "TARGET",
];
const SET_BY_CARGO_PREFIXES: &[&str] = &[
    "CARGO_CFG_",
    "CARGO_FEATURE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "DEP_",
];

/// Settings for the host's target, which the guest does not have.
const FOR_THE_HOST: &[&str] = &[
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

/// Settings that make one installation of Rust use the libraries and tools of another.
const FOR_THE_TOOLCHAIN: &[&str] = &["CARGO", "LD_LIBRARY_PATH", "RUSTC", "RUSTUP_TOOLCHAIN"];

/// The cargo that started this program, else the one on the `PATH`.
pub fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// The compiler that the cargo in use calls.
pub fn rustc() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

/// Removes the variables that an outer cargo has set, and leaves those of the user.
pub fn without_outer_cargo(command: &mut Command) -> &mut Command {
    remove(command, is_set_by_cargo)
}

/// Removes the variables that an outer cargo has set, and the settings for the host's target.
pub fn for_the_guest(command: &mut Command) -> &mut Command {
    remove(command, |name| {
        is_set_by_cargo(name) || FOR_THE_HOST.contains(&name)
    })
}

/// Removes the settings that name another toolchain than that of the cargo that `command` starts.
pub fn without_toolchain(command: &mut Command) -> &mut Command {
    remove(command, |name| FOR_THE_TOOLCHAIN.contains(&name))
}

fn is_set_by_cargo(name: &str) -> bool {
    SET_BY_CARGO.contains(&name)
        || SET_BY_CARGO_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

fn remove(command: &mut Command, is_unwanted: impl Fn(&str) -> bool) -> &mut Command {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(&is_unwanted) {
            command.env_remove(name);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_cargo_sets_for_a_build_script_are_removed() {
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "CARGO_CFG_TARGET_OS",
            "CARGO_ENCODED_RUSTFLAGS",
            "OUT_DIR",
            "RUSTC_WORKSPACE_WRAPPER",
        ] {
            assert!(is_set_by_cargo(name), "{name}");
        }
    }

    #[test]
    fn variables_of_the_user_stay() {
        for name in [
            "CARGO_HOME",
            "CARGO_MAKEFLAGS",
            "CARGO_NET_OFFLINE",
            "CARGO_TARGET_DIR",
            "PATH",
            "RUSTFLAGS",
            "RUSTUP_TOOLCHAIN",
        ] {
            assert!(!is_set_by_cargo(name), "{name}");
        }
    }
}
