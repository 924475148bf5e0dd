//! The serving tool as a child process: it reads jobs, and is killed when its owner is dropped.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Child, ChildStdin, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;
use test_support::process::{self, Lines};

const JOB: &str = r#"{"externalId": "one-step"}"#;

/// The tool writes many events a second: without one for this long, it hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// An event of `serve --json`, as far as the soak reads it.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub(super) event: String,
    /// How many runs are in each state, in `serving` and `served`.
    #[serde(default)]
    pub(super) runs: BTreeMap<String, usize>,
    #[serde(default)]
    pub(super) draining: Vec<IgnoredAny>,
}

impl Event {
    /// How many runs are not over yet.
    pub(super) fn runs_alive(&self) -> usize {
        let alive = |state: &String| !matches!(state.as_str(), "success" | "failed");
        let runs = self.runs.iter().filter(|(state, _)| alive(state));
        runs.map(|(_, runs)| runs).sum()
    }
}

/// The tool while it serves.
pub(super) struct Serving {
    child: Child,
    stdin: Option<ChildStdin>,
    events: Lines,
}

impl Serving {
    /// Starts the tool with a command that pipes its standard input and output.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.spawn().context("can't start the tool")?;
        let stdout = child.stdout.take().context("the tool has no output")?;
        Ok(Self {
            stdin: child.stdin.take(),
            child,
            events: Lines::new(stdout),
        })
    }

    /// Waits for the next event; returns it and its line.
    pub(super) fn next(&mut self) -> Result<(Event, String)> {
        let line = self.events.next(LIMIT).context("the tool hangs")?;
        let Some(line) = line else {
            let status = process::wait(&mut self.child, LIMIT)?;
            bail!("the tool ended before all swaps were done: {status}");
        };
        let event = serde_json::from_str(&line)
            .with_context(|| format!("the tool wrote what isn't an event: {line}"))?;
        Ok((event, line))
    }

    pub(super) fn start_runs(&mut self, number: usize) -> Result<()> {
        if let Some(stdin) = &mut self.stdin {
            for _ in 0..number {
                writeln!(stdin, "{JOB}").context("the tool takes no more jobs")?;
            }
        }
        Ok(())
    }

    /// Closes the tool's input, so that the tool ends once all runs are over.
    pub(super) fn take_no_more_jobs(&mut self) {
        self.stdin = None;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails only where the tool has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_are_over_are_not_alive() {
        let event = r#"{"event": "serving", "runs": {"running": 3, "accepted": 1, "success": 7, "failed": 2}}"#;
        let event: Event = serde_json::from_str(event).unwrap();
        assert_eq!(event.runs_alive(), 4);
    }
}
