//! `cargo xtask`: builds the component, checks the project and shows it at work.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::compiler;
use xtask::component::{self, Build};
use xtask::machine::ThisMachine;
use xtask::route::{self, ROUTE_VARIABLE, Route};
use xtask::skeleton::Skeleton;
use xtask::workspace::Workspace;

mod bench;
mod checks;
mod demo;
mod host_tools;
mod library;
mod setup;
mod soak;
mod summary;
mod test;
mod test_output;

/// Builds the component, checks the project and shows it at work
///
/// `setup`, `demo` and `test` install what is missing, and say before what they install. The other
/// commands install nothing.
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
    /// Install what is missing: the compiler for the component, and what the tests compare with
    Setup,
    /// Write a new job type to begin from, with a test; the folder's name becomes its id
    New {
        /// A folder that doesn't exist yet, or is empty
        folder: PathBuf,
    },
    /// Build a component
    Component {
        /// The folder of the job type's package [default: the SageMaker Pipeline job type]
        folder: Option<PathBuf>,
    },
    /// Build the host as a shared library, for programs in other languages
    Library,
    /// Check everything: format, lints, documentation and tests
    Test,
    /// Swap the plugin a thousand times under load, kill the host meanwhile, and count what was lost
    Soak(soak::Options),
    /// Measure the sandboxed component against native code, and the host against boto3
    Bench(bench::Options),
    /// Show a pipeline started, followed and cancelled, on an emulator of SageMaker
    Demo,
}

impl Task {
    /// Whether the task may install what is missing.
    fn installs(&self) -> bool {
        match self {
            Self::Setup | Self::Test | Self::Demo => true,
            Self::New { .. }
            | Self::Component { .. }
            | Self::Library
            | Self::Soak(_)
            | Self::Bench(_) => false,
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    run(&arguments).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let workspace = Workspace::locate()?;
    let choice = arguments.route;
    let route = || -> Result<Route> {
        Ok(if arguments.task.installs() {
            compiler::set_up(&ThisMachine, choice)?
        } else {
            route::find(&ThisMachine, choice)?
        })
    };
    match &arguments.task {
        Task::Setup => setup::run(&workspace, route()?),
        Task::New { folder } => begin(&workspace, folder)?,
        Task::Component { folder } => build_component(&workspace, route()?, folder.as_deref())?,
        Task::Library => println!("{}", library::build(&workspace)?.display()),
        Task::Test => return test::run(&workspace, route()?, choice),
        Task::Soak(options) => soak::run(&workspace, route()?, options)?,
        Task::Bench(options) => bench::run(&workspace, route()?, options)?,
        Task::Demo => demo::run(&workspace, route()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a new job type, and says what comes next.
fn begin(workspace: &Workspace, folder: &Path) -> Result<()> {
    let skeleton = Skeleton::in_folder(folder)?;
    skeleton.write(workspace)?;
    println!(
        "{folder} has a job type with the id {name}, for an imaginary service. Its tests run natively:\n\
         \x20 cargo test --manifest-path {folder}/Cargo.toml\n\
         This builds its component, and says where it is:\n\
         \x20 cargo xtask component {folder}\n\
         docs/writing-a-job-type.md says what to get right.",
        folder = folder.display(),
        name = skeleton.name,
    );
    Ok(())
}

fn build_component(workspace: &Workspace, route: Route, folder: Option<&Path>) -> Result<()> {
    let package = folder.map(component::package_in).transpose()?;
    let build = Build {
        package: package.as_deref().unwrap_or(component::GUEST),
        folder,
        version: None,
    };
    let path = component::path_of(workspace, build.package);
    let size = component::build(workspace, route, &build, &path)?;
    println!("{} ({} KiB)", path.display(), size.div_ceil(1024));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_setup_and_the_readmes_two_commands_install_anything() {
        let installing: Vec<_> = [
            "setup",
            "new a",
            "component",
            "library",
            "test",
            "soak",
            "bench",
            "demo",
        ]
        .into_iter()
        .filter(|task| {
            let words = ["xtask"].into_iter().chain(task.split(' '));
            let arguments = Arguments::try_parse_from(words).unwrap();
            arguments.task.installs()
        })
        .collect();
        assert_eq!(installing, ["setup", "test", "demo"]);
    }
}
