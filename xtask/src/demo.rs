//! `cargo xtask demo`: what a host does with the component, shown on an emulator of SageMaker.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use xtask::machine::typed;
use xtask::wasm_target::Route;
use xtask::workspace::Workspace;
use xtask::{component, environment};

use emulator::Emulator;

mod emulator;

const REGION: &str = "eu-central-1";

/// The emulator accepts any; a real account's are found as every AWS tool finds them.
const CREDENTIALS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "demo"),
];

const EMULATOR: [&str; 6] = [
    "--port",
    "0",
    "--pipelines",
    "sagemaker-emulator/pipelines",
    "--step-duration",
    "2s",
];

/// In a scene's command: the run that an earlier scene has started.
const STARTED_RUN: &str = "{RUN}";

const READ_ON: &str = "\
To go on: README.md tells how the parts fit, wit/ holds all that stands between a host and a job \
type, and `polysync-harness --help` shows every command for a pipeline of your own.";

/// One command of the harness and what it shows.
struct Scene {
    /// For whoever sees this for the first time.
    story: &'static str,
    /// Arguments after those that name component, region and endpoint. [`STARTED_RUN`] stands
    /// for the run that the latest scene with `starts_run` has started.
    command: &'static [&'static str],
    /// Whether the command ends well.
    succeeds: bool,
    /// What its standard output holds.
    shows: &'static [&'static str],
    /// Whether the first line of its standard output is the id of a run.
    starts_run: bool,
    /// The line of the summary.
    summary: &'static str,
}

/// The demo, in order.
const SCENES: &[Scene] = &[
    Scene {
        story: "The component says what it is, and which values a job of its kind takes.",
        command: &["describe"],
        succeeds: true,
        shows: &["SageMaker Pipeline"],
        starts_run: false,
        summary: "the host learned the job type from the component itself",
    },
    Scene {
        story: "Are endpoint, credentials and permissions good?",
        command: &["test-connection"],
        succeeds: true,
        shows: &[],
        starts_run: false,
        summary: "the connection was tested",
    },
    Scene {
        story: "Which pipelines are there, and which parameters do they take?",
        command: &["discover"],
        succeeds: true,
        shows: &["abalone-training"],
        starts_run: false,
        summary: "the pipelines and their parameters were imported",
    },
    Scene {
        story: "A run from start to end, with its steps as they come.",
        command: &["run", "nightly-scoring"],
        succeeds: true,
        shows: &["Success"],
        starts_run: false,
        summary: "a run was followed to its success",
    },
    Scene {
        story: "A run that fails: the reason is that of the step to blame. The command fails too.",
        command: &["run", "always-fails"],
        succeeds: false,
        shows: &["Failed"],
        starts_run: false,
        summary: "a run failed, and said why",
    },
    Scene {
        story: "A run that is started and left to itself.",
        command: &["start", "abalone-training"],
        succeeds: true,
        shows: &[],
        starts_run: true,
        summary: "a run was started and left to itself",
    },
    Scene {
        story: "It is cancelled.",
        command: &["cancel", "abalone-training", "{RUN}"],
        succeeds: true,
        shows: &[],
        starts_run: false,
        summary: "that run was cancelled",
    },
];

/// Builds the tools and the component, starts the emulator and plays each scene.
///
/// # Errors
/// Where something doesn't build or start, or a scene shows other than it should.
pub(crate) fn run(workspace: &Workspace, route: Route) -> Result<()> {
    println!("Building the component, the host and the emulator; the first time takes minutes.");
    let component = component::default_path(workspace);
    component::build(workspace, route, &component)?;
    build_tools(workspace)?;

    let tools = workspace.target.join("debug");
    let log = workspace.target.join("demo").join("emulator.log");
    let emulator = Emulator::start(
        Command::new(tools.join("sagemaker-emulator"))
            .current_dir(&workspace.root)
            .args(EMULATOR),
        &log,
    )?;
    println!(
        "\nAn emulator of Amazon SageMaker listens on {}. Nothing reaches AWS, and nothing costs.",
        emulator.url
    );
    let stage = Stage {
        workspace,
        harness: tools.join("polysync-harness"),
        component,
        endpoint: &emulator.url,
    };
    let outcomes = stage.play(SCENES)?;
    summarise(&outcomes, &log)
}

/// Builds with the features that the tests have too, so that nothing is compiled twice.
fn build_tools(workspace: &Workspace) -> Result<()> {
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
    workspace: &'a Workspace,
    harness: PathBuf,
    component: PathBuf,
    endpoint: &'a str,
}

impl Stage<'_> {
    /// Plays the scenes in order and tells of each whether it showed what it should.
    fn play<'a>(&self, scenes: &'a [Scene]) -> Result<Vec<(&'a Scene, bool)>> {
        let mut started_run = String::new();
        let mut outcomes = Vec::new();
        for scene in scenes {
            let arguments = self.arguments(scene, &started_run);
            let harness = self.below_root(&self.harness);
            println!("\n# {}", scene.story);
            println!("$ {} {}", harness, typed(&arguments));
            let (succeeded, output) = self.run_harness(&arguments)?;
            if scene.starts_run {
                output
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut started_run);
            }
            outcomes.push((scene, scene.is_fulfilled(succeeded, &output)));
        }
        Ok(outcomes)
    }

    fn arguments(&self, scene: &Scene, started_run: &str) -> Vec<String> {
        let (subcommand, rest) = scene.command.split_at(1);
        let connection = [
            "--component",
            &self.below_root(&self.component),
            "--region",
            REGION,
            "--endpoint-url",
            self.endpoint,
        ];
        [subcommand, &connection, rest]
            .concat()
            .iter()
            .map(|argument| argument.replace(STARTED_RUN, started_run))
            .collect()
    }

    /// Shows the harness's output as it comes, and keeps what is on its standard output.
    fn run_harness(&self, arguments: &[String]) -> Result<(bool, String)> {
        let mut child = Command::new(&self.harness)
            .current_dir(&self.workspace.root)
            .args(arguments)
            .envs(CREDENTIALS)
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
        Ok((child.wait()?.success(), output))
    }

    fn below_root(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.workspace.root).unwrap_or(path);
        path.display().to_string()
    }
}

impl Scene {
    fn is_fulfilled(&self, succeeded: bool, output: &str) -> bool {
        succeeded == self.succeeds && self.shows.iter().all(|text| output.contains(text))
    }
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
