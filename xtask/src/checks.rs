//! The checks of `cargo xtask test`, in their order: each is a cargo command.

use xtask::machine::typed;
use xtask::route::Route;

/// One check.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    /// Cargo's arguments, separated by spaces.
    pub(crate) arguments: &'static str,
    pub(crate) variable: Option<(&'static str, &'static str)>,
    pub(crate) kind: Kind,
}

/// How a check relates to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Is independent of the others.
    Alone,
    /// Builds what the tests need.
    Build,
    /// Runs tests, once they are built.
    Tests,
}

impl Check {
    const fn new(name: &'static str, kind: Kind, arguments: &'static str) -> Self {
        Self {
            name,
            arguments,
            variable: None,
            kind,
        }
    }

    /// The command as a user would type it.
    pub(crate) fn command(&self) -> String {
        let variable = self
            .variable
            .map(|(name, value)| format!("{name}={} ", typed(&[value])));
        format!("{}cargo {}", variable.unwrap_or_default(), self.arguments)
    }
}

const FORMAT: Check = Check::new("Format", Kind::Alone, "fmt --all --check");

const LINTS: Check = Check::new(
    "Lints",
    Kind::Alone,
    "clippy --workspace --all-targets --all-features --keep-going -- -D warnings",
);

const GUEST_LINTS: Check = Check::new(
    "Lints of the guest",
    Kind::Alone,
    "clippy --package sagemaker-pipeline --package glue-job --lib --target wasm32-unknown-unknown \
     --keep-going -- -D warnings",
);

const DOCUMENTATION: Check = Check {
    variable: Some(("RUSTDOCFLAGS", "-D warnings")),
    ..Check::new(
        "Documentation",
        Kind::Alone,
        "doc --workspace --all-features --no-deps --keep-going",
    )
};

const BUILD: Check = Check::new(
    "Build of the tests",
    Kind::Build,
    "test --workspace --all-features --all-targets --no-run",
);

const EXAMPLES: Check = Check::new(
    "Examples in the documentation",
    Kind::Tests,
    "test --workspace --all-features --doc --no-fail-fast",
);

/// By cargo itself and not by nextest, which starts a process for each test: the end-to-end tests
/// share what takes longest, the compiled component.
const TESTS: Check = Check::new(
    "Tests",
    Kind::Tests,
    "test --workspace --all-features --all-targets --no-fail-fast",
);

/// All checks, where the guest is built by this route.
pub(crate) fn all(route: Route) -> Vec<&'static Check> {
    let mut checks = vec![&FORMAT, &LINTS];
    if route == Route::Rustup {
        checks.push(&GUEST_LINTS);
    }
    checks.extend([&DOCUMENTATION, &BUILD, &EXAMPLES, &TESTS]);
    checks
}

/// The check that this route has no compiler for, and why.
pub(crate) fn left_out(route: Route) -> Option<(&'static str, &'static str)> {
    (route == Route::Debian).then_some((
        GUEST_LINTS.name,
        "Debian has no clippy for the guest's target",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_run_after_they_are_built() {
        for route in [Route::Rustup, Route::Debian] {
            let kinds: Vec<_> = all(route).iter().map(|check| check.kind).collect();
            let build = kinds.iter().position(|kind| *kind == Kind::Build).unwrap();
            let first = kinds.iter().position(|kind| *kind == Kind::Tests).unwrap();
            assert!(build < first, "{kinds:?}");
        }
    }

    #[test]
    fn every_check_runs_or_is_reported_as_left_out() {
        let names = |route| {
            let mut names: Vec<_> = all(route).iter().map(|check| check.name).collect();
            names.extend(left_out(route).map(|(name, _)| name));
            names.sort_unstable();
            names
        };
        assert_eq!(names(Route::Rustup), names(Route::Debian));
        assert_eq!(left_out(Route::Rustup), None);
    }

    #[test]
    fn a_check_shows_the_command_that_repeats_it() {
        let command = DOCUMENTATION.command();
        assert!(
            command.starts_with("RUSTDOCFLAGS='-D warnings' cargo doc --workspace "),
            "{command}"
        );
    }
}
