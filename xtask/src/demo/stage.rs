//! Plays scenes: runs the tool for each, shows what it prints, and compares that with the scene.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use test_support::process;
use xtask::machine::typed;

use super::scenes::{EARLIER_RUN, GLUE_JOB, STARTED_RUN, Scene};

/// The user's own settings, which would override those of the demo.
const USER_SETTINGS: [&str; 3] = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"];

/// Many times what the longest scene takes.
const LIMIT: Duration = Duration::from_secs(300);

/// The tool and its environment.
pub(super) struct Stage<'a> {
    /// The folder that the tool runs in.
    pub(super) root: &'a Path,
    pub(super) harness: PathBuf,
    /// The component of the second job type.
    pub(super) glue_job: String,
    /// The tool's environment, so that its command lines stay short.
    pub(super) settings: [(&'static str, String); 5],
}

impl Stage<'_> {
    /// Plays the scenes in order, and returns for each whether it is fulfilled.
    pub(super) fn play<'a>(&self, scenes: &'a [Scene]) -> Result<Vec<(&'a Scene, bool)>> {
        println!("\n# The component, and how to reach the platform.");
        for (name, value) in &self.settings {
            println!("$ export {name}={}", typed(&[value]));
        }
        let (mut earlier_run, mut started_run) = (String::new(), String::new());
        let mut outcomes = Vec::new();
        for scene in scenes {
            let arguments: Vec<_> = scene
                .command
                .iter()
                .map(|argument| match *argument {
                    STARTED_RUN => started_run.clone(),
                    EARLIER_RUN => earlier_run.clone(),
                    GLUE_JOB => self.glue_job.clone(),
                    argument => argument.to_owned(),
                })
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
                let run = run_id(&output).unwrap_or_default().to_owned();
                earlier_run = std::mem::replace(&mut started_run, run);
            }
            outcomes.push((scene, scene.is_fulfilled(exit, &output)));
        }
        Ok(outcomes)
    }

    /// Shows the tool's output as it comes; returns its exit code and its standard output.
    fn run_harness(&self, arguments: &[String]) -> Result<(i32, String)> {
        let mut command = Command::new(&self.harness);
        for name in USER_SETTINGS {
            command.env_remove(name);
        }
        command
            .current_dir(self.root)
            .args(arguments)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stderr(Stdio::inherit());
        let show = |part: &[u8]| io::stdout().write_all(part);
        let (status, output) = process::shown_output(&mut command, LIMIT, show)
            .with_context(|| format!("can't run {}", self.harness.display()))?;
        let exit = status.code().context("the tool was killed")?;
        Ok((exit, String::from_utf8_lossy(&output).into_owned()))
    }
}

/// The run's id in what `start` prints.
fn run_id(output: &str) -> Option<&str> {
    output
        .split_whitespace()
        .find(|word| word.starts_with("arn:"))
}

/// A path as it is shown: relative to `root`, where it is below it.
pub(super) fn below(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.display().to_string()
}
