//! Mono, with its C# compiler: packages of Debian.

use std::process::Command;

use test_support::process;

use crate::{LIMIT, Missing, install};

const PACKAGES: [&str; 2] = ["mono-mcs", "mono-runtime"];

/// Mono, with its compiler.
#[derive(Debug)]
pub struct Mono(());

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

/// Installs Mono where it is missing and can be installed.
pub(crate) fn set_up(announce: &mut impl FnMut(&str)) -> Result<(), Missing> {
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
    install("apt-get", "Mono", &mut command)
}
