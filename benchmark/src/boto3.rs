//! boto3 in a process of its own: it reads one command a line and answers with one line.

use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use test_support::process::Lines;

use crate::stage::{ACCESS_KEY_ID, REGION, SECRET};

pub(crate) use python_environment::{Python, with_requirements_or_skip};

const SCRIPT: &str = include_str!("boto3.py");

/// Several times what the longest command takes: boto3 discovers 1000 pipelines in a minute.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// A process with a client of SageMaker.
pub(crate) struct Boto3 {
    child: Child,
    commands: ChildStdin,
    answers: Lines,
}

impl Boto3 {
    /// Starts a client of this endpoint.
    pub(crate) fn start(python: &Python, endpoint: &str, home: &Path) -> Result<Self> {
        // Without the developer's AWS configuration and proxies.
        let mut child = python
            .command()
            .args(["-B", "-c", SCRIPT])
            .env_clear()
            .env("HOME", home)
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("can't start Python")?;
        let commands = child.stdin.take().context("Python has no standard input")?;
        let answers = child
            .stdout
            .take()
            .context("Python has no standard output")?;
        Ok(Self {
            child,
            commands,
            answers: Lines::new(answers),
        })
    }

    /// Microseconds of processor time for each of `calls` calls of DescribePipelineExecution.
    pub(crate) fn status(&mut self, run_id: &str, calls: u32) -> Result<f64> {
        let seconds: f64 = self.ask(&format!("status {calls} {run_id}"))?.parse()?;
        Ok(seconds * 1e6 / f64::from(calls))
    }

    /// Lists all pipelines and describes each, one after the other: how many, and seconds.
    pub(crate) fn discover(&mut self) -> Result<(usize, f64)> {
        let answer = self.ask("discover")?;
        let (found, seconds) = answer
            .split_once(' ')
            .context("boto3 gave half an answer")?;
        Ok((found.parse()?, seconds.parse()?))
    }

    fn ask(&mut self, command: &str) -> Result<String> {
        writeln!(self.commands, "{command}").context("Python has ended")?;
        let answer = self.answers.next(LIMIT);
        let answer = answer.with_context(|| format!("boto3 doesn't answer \"{command}\""))?;
        answer
            .filter(|answer| !answer.is_empty())
            .with_context(|| format!("boto3 can't do \"{command}\": its reason is above"))
    }
}

impl Drop for Boto3 {
    fn drop(&mut self) {
        // Fails only where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
