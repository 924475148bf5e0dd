//! `cargo xtask demo`: what a host does with the component, shown on an emulator of SageMaker.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use xtask::emulator::Emulator;
use xtask::machine::typed;
use xtask::wasm_target::Route;
use xtask::workspace::Workspace;
use xtask::{component, environment};

use scenes::{SCENES, STARTED_RUN, Scene};

mod scenes;

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

/// The user's own settings, which would go before those of the demo.
const NOT_OF_THE_DEMO: [&str; 3] = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"];

const READ_ON: &str = "
To go on: README.md tells how the parts fit, wit/ holds all that stands between a host and a job
type, and `polysync-harness --help` shows every command, for pipelines of your own too.";

/// Builds the tools and the component, starts the emulator and plays each scene.
///
/// # Errors
/// Where something doesn't build or start, or a scene shows other than it should.
pub(crate) fn run(workspace: &Workspace, route: Route) -> Result<()> {
    println!("Building the component, the host and the emulator; the first time takes minutes.");
    let component = component::default_path(workspace);
    component::build(workspace, route, &component::SHIPPED, &component)?;
    build_tools(workspace)?;

    let tools = workspace.target.join("debug");
    let log = workspace.target.join("demo").join("emulator.log");
    let mut emulator = Command::new(tools.join("sagemaker-emulator"));
    emulator.current_dir(&workspace.root).args(EMULATOR);
    let emulator = Emulator::start(&mut emulator, &log)?;
    println!(
        "\nAn emulator of Amazon SageMaker is listening on {}: nothing reaches AWS, nothing costs.",
        emulator.url
    );
    let stage = Stage {
        root: &workspace.root,
        harness: tools.join("polysync-harness"),
        settings: [
            ("POLYSYNC_COMPONENT", below(&workspace.root, &component)),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_ENDPOINT_URL", emulator.url.clone()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()),
        ],
    };
    let outcomes = stage.play(SCENES)?;
    summarise(&outcomes, &log)
}

/// Builds with the features that the tests have too, so that nothing is compiled twice.
pub(crate) fn build_tools(workspace: &Workspace) -> Result<()> {
    let cargo = environment::cargo();
    let status = environment::without_outer_cargo(&mut Command::new(&cargo))
        .current_dir(&workspace.root)
        .args(["build", "--workspace", "--all-features", "--bins"])
        .status()
        .with_context(|| format!("can't start {cargo}"))?;
    ensure!(status.success(), "the host and the emulator don't compile");
    Ok(())
}

/// What the scenes are played on.
struct Stage<'a> {
    root: &'a Path,
    harness: PathBuf,
    /// The harness's environment, so that its command lines stay short.
    settings: [(&'static str, String); 5],
}

impl Stage<'_> {
    /// Plays the scenes in order and tells of each whether it showed what it should.
    fn play<'a>(&self, scenes: &'a [Scene]) -> Result<Vec<(&'a Scene, bool)>> {
        println!("\n# The component, and the way to the platform.");
        for (name, value) in &self.settings {
            println!("$ export {name}={}", typed(&[value]));
        }
        let mut started_run = String::new();
        let mut outcomes = Vec::new();
        for scene in scenes {
            let arguments: Vec<_> = scene
                .command
                .iter()
                .map(|argument| argument.replace(STARTED_RUN, &started_run))
                .collect();
            println!("\n# {}", scene.story);
            println!(
                "$ {} {}",
                below(self.root, &self.harness),
                typed(&arguments)
            );
            let (exit, output) = self.run_harness(&arguments)?;
            if exit != 0 {
                println!("(exit code {exit})");
            }
            if scene.starts_run {
                started_run = run_id(&output).unwrap_or_default().to_owned();
            }
            outcomes.push((scene, scene.is_fulfilled(exit, &output)));
        }
        Ok(outcomes)
    }

    /// Shows the harness's output as it comes, and keeps what is on its standard output.
    fn run_harness(&self, arguments: &[String]) -> Result<(i32, String)> {
        let mut command = Command::new(&self.harness);
        for name in NOT_OF_THE_DEMO {
            command.env_remove(name);
        }
        let mut child = command
            .current_dir(self.root)
            .args(arguments)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("can't start {}", self.harness.display()))?;
        let mut output = String::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                let line = line.context("can't read the harness's output")?;
                println!("{line}");
                output.push_str(&line);
                output.push('\n');
            }
        }
        let exit = child.wait()?.code();
        Ok((exit.context("the harness was killed")?, output))
    }
}

/// The run's id in what `start` has written.
fn run_id(output: &str) -> Option<&str> {
    output
        .split_whitespace()
        .find(|word| word.starts_with("arn:"))
}

fn below(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string()
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
