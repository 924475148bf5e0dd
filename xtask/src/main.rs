//! `cargo xtask`: builds the component, checks the project and shows it at work.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::component;
use xtask::machine::ThisMachine;
use xtask::wasm_target::{self, ROUTE_VARIABLE, Route, TARGET};
use xtask::workspace::Workspace;

mod bench;
mod demo;
mod soak;
mod stages;
mod test_output;

/// Builds the component, checks the project and shows it at work
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,

    /// How to get a compiler for the component: rustup or debian [default: what is there, else
    /// rustup, else Debian's packages]
    #[arg(long, global = true, env = ROUTE_VARIABLE)]
    route: Option<Route>,
}

#[derive(Subcommand)]
enum Task {
    /// Install the compiler that the component needs, where it is missing
    Setup,
    /// Build the component
    Component,
    /// Check everything: format, lints, documentation and tests
    Test,
    /// Swap the plugin a thousand times under load, kill the host meanwhile, and count what was lost
    Soak(soak::Options),
    /// Measure: the sandboxed component against native code, the host against boto3
    Bench(bench::Options),
    /// Show a pipeline started, followed and cancelled, on an emulator of SageMaker
    Demo,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::locate()?;
    let route = wasm_target::set_up(&ThisMachine, arguments.route)?;
    match &arguments.task {
        Task::Setup => {
            println!("{TARGET} can be compiled, by the route \"{route}\".");
            Ok(())
        }
        Task::Component => {
            let path = component::default_path(&workspace);
            let size = component::build(&workspace, route, &component::SHIPPED, &path)?;
            println!("{} ({} KiB)", path.display(), size.div_ceil(1024));
            Ok(())
        }
        Task::Test => stages::run(&workspace, route, arguments.route),
        Task::Soak(options) => soak::run(&workspace, route, options),
        Task::Bench(options) => bench::run(&workspace, route, options),
        Task::Demo => demo::run(&workspace, route),
    }
}
