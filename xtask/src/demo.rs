//! `cargo xtask demo`: shows what a host does with the components, on an emulator of SageMaker and Glue.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use xtask::component::{self, Build};
use xtask::emulator::Emulator;
use xtask::route::Route;
use xtask::workspace::Workspace;

use crate::host_tools;
use scenes::{SCENES, Scene};
use stage::Stage;

mod scenes;
mod stage;

const REGION: &str = "eu-central-1";
const ACCESS_KEY_ID: &str = "emulator";
const SECRET_ACCESS_KEY: &str = "emulator-secret";

const EMULATOR: [&str; 12] = [
    "--port",
    "0",
    "--pipelines",
    "sagemaker-emulator/pipelines",
    "--region",
    REGION,
    "--access-key-id",
    ACCESS_KEY_ID,
    "--secret-access-key",
    SECRET_ACCESS_KEY,
    "--step-duration",
    "1",
];

/// The second job type.
const GLUE_JOB: Build<'static> = Build {
    package: "glue-job",
    folder: None,
    version: None,
};

const READ_ON: &str = "
To go on: README.md explains how the parts fit together, wit/ has the contract between a host and a job
type, and `polysync-harness --help` lists the commands, which take your own pipelines and jobs too.";

/// Builds the tools and the components, starts the emulator and plays each scene.
///
/// # Errors
/// Where something doesn't compile or start, or a scene doesn't show what it should.
pub(crate) fn run(workspace: &Workspace, route: Route) -> Result<()> {
    println!("Building two components, the host and the emulator; the first time takes minutes.");
    let component = component::default_path(workspace);
    component::build(workspace, route, &component::SHIPPED, &component)?;
    let glue_job = component::path_of(workspace, GLUE_JOB.package);
    component::build(workspace, route, &GLUE_JOB, &glue_job)?;
    host_tools::build(workspace)?;

    let tools = workspace.target.join("debug");
    let log = workspace.target.join("demo").join("emulator.log");
    let mut emulator = Command::new(tools.join("sagemaker-emulator"));
    emulator.current_dir(&workspace.root).args(EMULATOR);
    let emulator = Emulator::start(&mut emulator, &log)?;
    println!(
        "\nAn emulator of Amazon SageMaker and AWS Glue listens on {}: nothing reaches AWS, and nothing costs money.",
        emulator.url
    );
    let stage = Stage {
        root: &workspace.root,
        harness: tools.join("polysync-harness"),
        glue_job: stage::below(&workspace.root, &glue_job),
        settings: [
            (
                "POLYSYNC_COMPONENT",
                stage::below(&workspace.root, &component),
            ),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL", emulator.url.clone()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
        ],
    };
    let outcomes = stage.play(SCENES)?;
    summarise(&outcomes, &log)
}

fn summarise(outcomes: &[(&Scene, bool)], log: &Path) -> Result<()> {
    println!("\nWhat you have seen:");
    for (scene, fulfilled) in outcomes {
        println!("  {} {}", if *fulfilled { "✓" } else { "✗" }, scene.summary);
    }
    let failed = outcomes.iter().filter(|(_, fulfilled)| !fulfilled).count();
    if failed > 0 {
        bail!(
            "{failed} of {} commands didn't show what they should; the emulator's log is {}",
            outcomes.len(),
            log.display()
        );
    }
    println!("{READ_ON}");
    Ok(())
}
