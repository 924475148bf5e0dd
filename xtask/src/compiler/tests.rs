//! Each branch of the set-up, on machines that exist in memory only.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::*;
use crate::route::{DEBIAN_CARGO, DEBIAN_LINKER, DEBIAN_RUSTC, DEBIAN_STD, find};

const LIBRARIES: &str = "/toolchain/lib/rustlib/wasm32-unknown-unknown/lib";
const DEBIAN: [&str; 4] = [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_STD, DEBIAN_LINKER];

/// A machine on which only the named programs start; all they do is make files.
#[derive(Default)]
struct Fake {
    programs: Vec<(&'static str, Outcome)>,
    files: RefCell<Vec<PathBuf>>,
    /// The commands that were run.
    ran: RefCell<Vec<String>>,
    announced: RefCell<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Outcome {
    Fails,
    Prints(&'static str),
    Makes(&'static [&'static str]),
}

impl Fake {
    fn with(mut self, program: &'static str, outcome: Outcome) -> Self {
        self.programs.push((program, outcome));
        self
    }

    fn holding(self, files: &[&str]) -> Self {
        self.make(files);
        self
    }

    fn make(&self, files: &[&str]) {
        self.files
            .borrow_mut()
            .extend(files.iter().map(PathBuf::from));
    }

    /// What becomes of a command, by the first program whose name it begins with.
    fn outcome(&self, command: &[&str]) -> Option<Outcome> {
        let command = command.join(" ");
        let known = |(program, _): &&(&str, Outcome)| command.starts_with(program);
        self.programs
            .iter()
            .find(known)
            .map(|(_, outcome)| *outcome)
    }
}

impl Machine for Fake {
    fn rustc(&self) -> String {
        "rustc".to_owned()
    }

    fn ask(&self, command: &[&str]) -> Option<String> {
        match self.outcome(command)? {
            Outcome::Prints(text) => Some(text.to_owned()),
            Outcome::Makes(_) => Some(String::new()),
            Outcome::Fails => None,
        }
    }

    fn run(&self, command: &[&str]) -> io::Result<bool> {
        let outcome = self.outcome(command).ok_or(io::ErrorKind::NotFound)?;
        let announced = self.announced.borrow().last().cloned().unwrap_or_default();
        assert!(announced.ends_with(&typed(command)), "{announced:?}");
        self.ran.borrow_mut().push(typed(command));
        if let Outcome::Makes(files) = outcome {
            self.make(files);
        }
        Ok(!matches!(outcome, Outcome::Fails))
    }

    fn announce(&self, sentence: &str) {
        self.announced.borrow_mut().push(sentence.to_owned());
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.borrow().iter().any(|file| file == path)
    }

    fn holds_libraries(&self, directory: &Path) -> bool {
        self.exists(directory)
    }
}

fn with_rustc() -> Fake {
    Fake::default().with("rustc --print target-libdir", Outcome::Prints(LIBRARIES))
}

fn with_apt() -> Fake {
    with_rustc().with("apt-get", Outcome::Prints("apt 2.6.1"))
}

#[test]
fn nothing_is_run_if_rustc_has_the_target() {
    let machine = with_rustc().holding(&[LIBRARIES]);
    assert_eq!(set_up(&machine, None).unwrap(), Route::Rustup);
    assert_eq!(find(&machine, None).unwrap(), Route::Rustup);
    assert!(machine.ran.borrow().is_empty());
}

#[test]
fn rustup_adds_the_target() {
    let machine = with_rustc().with("rustup", Outcome::Makes(&[LIBRARIES]));
    assert_eq!(set_up(&machine, None).unwrap(), Route::Rustup);
    let ran = machine.ran.borrow();
    assert_eq!(*ran, ["rustup target add wasm32-unknown-unknown"]);
}

#[test]
fn a_rustup_with_another_rustc_is_an_error() {
    let machine = with_rustc().with("rustup", Outcome::Makes(&[]));
    let error = set_up(&machine, Some(Route::Rustup)).unwrap_err();
    assert!(
        error.to_string().contains("cargo calls another rustc"),
        "{error}"
    );
}

#[test]
fn without_rustup_installed_debian_packages_are_used() {
    let machine = with_rustc().holding(&DEBIAN);
    assert_eq!(set_up(&machine, None).unwrap(), Route::Debian);
    assert_eq!(find(&machine, None).unwrap(), Route::Debian);
    assert!(machine.ran.borrow().is_empty());
}

#[test]
fn if_rustup_fails_root_installs_debians_packages() {
    let machine = with_apt()
        .with("rustup --version", Outcome::Prints("rustup 1.29.0"))
        .with("rustup target", Outcome::Fails)
        .with("id -u", Outcome::Prints("0\n"))
        .with("sh -c", Outcome::Makes(&DEBIAN));
    assert_eq!(set_up(&machine, None).unwrap(), Route::Debian);
    let ran = machine.ran.borrow();
    let install = ran.last().unwrap();
    for package in ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"] {
        assert!(install.contains(package), "{install}");
    }
    assert!(install.contains("readlink /usr/bin/rust-lld"), "{install}");
}

#[test]
fn without_root_the_error_holds_the_command_and_sudo_is_never_used() {
    let machine = with_apt()
        .with("id -u", Outcome::Prints("1000\n"))
        .with("sudo", Outcome::Makes(&DEBIAN))
        .with("sh -c", Outcome::Makes(&DEBIAN));
    let error = set_up(&machine, Some(Route::Debian)).unwrap_err();
    let command = "run this as root, then try again: sh -c 'apt-get update && apt-get install -y \
        rustc-web cargo-web rust-web-src rust-web-llvm && apt-get install -y \
        \"$(basename \"$(readlink /usr/bin/rust-lld)\")\"'";
    assert!(error.to_string().ends_with(command), "{error}");
    assert!(machine.ran.borrow().is_empty());
}

#[test]
fn a_file_that_the_packages_do_not_install_is_an_error() {
    let machine = with_apt().with("id -u", Outcome::Prints("0\n")).with(
        "sh -c",
        Outcome::Makes(&[DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_STD]),
    );
    let error = set_up(&machine, Some(Route::Debian)).unwrap_err();
    assert!(
        error.to_string().contains("/usr/bin/rust-lld is missing"),
        "{error}"
    );
}

#[test]
fn if_neither_route_opens_the_error_names_both() {
    let machine = with_rustc()
        .with("rustup --version", Outcome::Prints("rustup 1.29.0"))
        .with("rustup target", Outcome::Fails);
    let error = set_up(&machine, None).unwrap_err().to_string();
    assert!(
        error.contains("`rustup target add wasm32-unknown-unknown` failed"),
        "{error}"
    );
    assert!(error.contains("no apt-get on this machine"), "{error}");
}

#[test]
fn finding_installs_nothing_and_the_error_names_the_command_that_does() {
    let machine = with_apt()
        .with("rustup", Outcome::Makes(&[LIBRARIES]))
        .with("id -u", Outcome::Prints("0\n"))
        .with("sh -c", Outcome::Makes(&DEBIAN));
    let error = find(&machine, None).unwrap_err();
    assert!(machine.ran.borrow().is_empty());
    assert!(
        error.to_string().contains("run `cargo xtask setup`"),
        "{error}"
    );
}

#[test]
fn the_chosen_route_is_used_even_if_the_other_is_open() {
    let machine = with_rustc().holding(&[LIBRARIES]).holding(&DEBIAN);
    for route in [Route::Rustup, Route::Debian] {
        assert_eq!(set_up(&machine, Some(route)).unwrap(), route);
        assert_eq!(find(&machine, Some(route)).unwrap(), route);
    }
}

#[test]
fn a_chosen_route_that_is_closed_is_not_replaced_by_the_other() {
    let machine = with_rustc().holding(&[LIBRARIES]);
    assert!(find(&machine, Some(Route::Debian)).is_err());
    assert!(set_up(&machine, Some(Route::Debian)).is_err());
}
