//! boto3 in a process of its own, which does what it is told, line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result};

use crate::stage::{ACCESS_KEY_ID, REGION, SECRET};

pub(crate) use python_environment::{Python, with_requirements_or_skip};

const SCRIPT: &str = include_str!("boto3.py");

/// boto3, with a client of its own.
pub(crate) struct Boto3 {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Boto3 {
    /// A client of this endpoint.
    pub(crate) fn start(python: &Python, endpoint: &str, home: &Path) -> Result<Self> {
        // Nothing but this: neither the developer's AWS configuration nor a proxy.
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
        let orders = child.stdin.take().context("Python takes no orders")?;
        let answers = child.stdout.take().context("Python gives no answers")?;
        Ok(Self {
            child,
            orders,
            answers: BufReader::new(answers),
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
        let (found, seconds) = answer.split_once(' ').context("half an answer")?;
        Ok((found.parse()?, seconds.parse()?))
    }

    fn ask(&mut self, order: &str) -> Result<String> {
        writeln!(self.orders, "{order}").context("Python has ended")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let answer = answer.trim_end().to_owned();
        (!answer.is_empty())
            .then_some(answer)
            .with_context(|| format!("boto3 can't do \"{order}\": its reason is above"))
    }
}

impl Drop for Boto3 {
    fn drop(&mut self) {
        // Fails only where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
