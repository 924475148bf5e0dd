//! The emulator as a child process, which ends with whoever started it, however that ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

/// What the emulator writes before its address.
const LISTENING: &str = "listening on ";

/// An emulator that is listening.
pub struct Emulator {
    child: Child,
    /// Held open, so that the emulator can go on writing.
    output: BufReader<ChildStdout>,
    /// Its address, as an endpoint URL.
    pub url: String,
}

impl Emulator {
    /// Starts the emulator and waits for its address. What it logs goes to the file `log`.
    ///
    /// # Errors
    /// Where it can't be started or ends without an address.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
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
            output: BufReader::new(output),
            url: String::new(),
        };
        let mut line = String::new();
        emulator.output.read_line(&mut line)?;
        match line.trim_end().split_once(LISTENING) {
            Some((_, url)) => emulator.url = url.to_owned(),
            None => bail!("the emulator didn't start: see {}", log.display()),
        }
        Ok(emulator)
    }
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
}
