//! The emulator as a child process that is killed when its owner is dropped.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use test_support::process::Lines;

/// The words before the address in the emulator's first line.
const LISTENING: &str = "listening on ";

/// Far longer than the emulator takes to start.
const LIMIT: Duration = Duration::from_secs(60);

/// An emulator that is listening.
pub struct Emulator {
    child: Child,
    /// Read for as long as the emulator runs, so that it never waits for its reader.
    output: Lines,
    /// The emulator's address, as an endpoint URL.
    pub url: String,
}

impl Emulator {
    /// Starts the emulator and waits for its address. What it logs goes to the file `log`.
    ///
    /// # Errors
    /// Where the emulator can't be started, ends without an address, or names none within a minute.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        Self::start_within(command, log, LIMIT)
    }

    fn start_within(command: &mut Command, log: &Path, limit: Duration) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = File::create(log).with_context(|| format!("can't write {}", log.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .with_context(|| format!("can't start {}", command.get_program().display()))?;
        let output = child.stdout.take().context("the emulator has no output")?;
        let mut emulator = Self {
            child,
            output: Lines::new(output),
            url: String::new(),
        };
        let line = emulator.output.next(limit);
        let line = line.with_context(|| not_started(log))?;
        match line.as_deref().and_then(|line| line.split_once(LISTENING)) {
            Some((_, url)) => emulator.url = url.to_owned(),
            None => bail!(not_started(log)),
        }
        Ok(emulator)
    }
}

fn not_started(log: &Path) -> String {
    format!("the emulator didn't start: see {}", log.display())
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Fails only where the emulator has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn its_address_is_read_from_its_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = shell("echo listening on http://127.0.0.1:1; exec sleep 600");
        let emulator = Emulator::start(&mut command, &log).unwrap();
        assert_eq!(emulator.url, "http://127.0.0.1:1");
    }

    #[test]
    fn an_emulator_that_ends_at_once_is_an_error_that_names_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let error = Emulator::start(&mut shell("echo oops >&2"), &log)
            .err()
            .unwrap();
        assert!(error.to_string().contains("log"), "{error}");
        assert_eq!(fs::read_to_string(&log).unwrap(), "oops\n");
    }

    #[test]
    fn an_emulator_that_says_nothing_is_an_error_and_not_a_hang() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = shell("exec sleep 600");
        let error = Emulator::start_within(&mut command, &log, Duration::ZERO)
            .err()
            .unwrap();
        assert!(format!("{error:#}").contains("no line came"), "{error:#}");
    }
}
