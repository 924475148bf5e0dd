//! The tool `polysync-harness`: runs a job type plugin from the command line.

mod cli;
mod commands;
mod exit;
mod failure;
mod feature;
mod interrupts;
mod invocation;
mod job;
mod json;
mod logging;
mod needs;
mod non_blank;
mod output;
mod private_file;
mod render;
mod report;
mod runs;
#[cfg(test)]
mod samples;
mod serve;
mod session;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use polysync_host::text::is_unsafe;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| refuse(&error));
    let output = match (&cli.command, cli.global.json) {
        (_, false) => Output::Text,
        (Command::Run(_) | Command::Follow(_) | Command::Logs(_) | Command::Serve(_), true) => {
            Output::JsonLines
        }
        (_, true) => Output::Json,
    };
    let exit = execute(&cli, output).unwrap_or_else(|failure| {
        output.failure(&failure, None);
        failure.exit()
    });
    exit.into()
}

/// Ends the program with what is wrong with the command line, or with the help that was asked for.
fn refuse(error: &clap::Error) -> ! {
    // The error repeats words of the command line, which a script may have from elsewhere. With
    // colours, they couldn't be told from the error's own sequences.
    let mut words = std::env::args_os();
    if words.any(|word| word.to_string_lossy().contains(is_unsafe)) {
        output::note(&render::text::lines(&error.render().to_string()));
        std::process::exit(error.exit_code());
    }
    error.exit()
}

fn execute(cli: &Cli, output: Output) -> Result<Exit, Failure> {
    logging::start(cli.global.verbose)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    let exit = runtime.block_on(commands::execute(cli, output));
    // The program ends without waiting for what still runs, such as a read of stdin.
    runtime.shutdown_background();
    exit
}
