//! The tool `polysync-harness`: runs a job type plugin from the command line.

mod args;
mod attributes;
mod commands;
mod exit;
mod failure;
mod feature;
mod follow;
mod interrupt;
mod invocation;
mod job;
mod job_file;
mod json;
mod output;
mod pairs;
mod render;
#[cfg(test)]
mod samples;
mod serve;
mod session;
mod tracing_setup;
mod words;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use crate::args::{Cli, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = match (&cli.command, cli.global.json) {
        (_, false) => Output::Text,
        (Command::Run(_) | Command::Serve(_), true) => Output::JsonLines,
        (_, true) => Output::Json,
    };
    let exit = execute(&cli, output).unwrap_or_else(|failure| {
        output.failure(&failure, None);
        failure.exit()
    });
    exit.into()
}

fn execute(cli: &Cli, output: Output) -> Result<Exit, Failure> {
    tracing_setup::start(cli.global.verbose)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    let exit = runtime.block_on(commands::execute(cli, output));
    // Nothing that still runs, such as a read that was given up, holds up the end.
    runtime.shutdown_background();
    exit
}
