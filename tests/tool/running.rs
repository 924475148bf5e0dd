//! The tool while it runs: tests wait for what it writes, and act then.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::Ended;

/// The tool while it runs, and what it has written so far.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    written: String,
}

impl Running {
    pub(crate) fn new(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            stdout,
            written: String::new(),
        }
    }

    /// Waits until the tool has written this.
    #[track_caller]
    pub(crate) fn until(&mut self, part: &str) {
        while !self.written.contains(part) {
            let read = self.stdout.read_line(&mut self.written).unwrap();
            assert_ne!(read, 0, "{part:?} isn't in {}", self.written);
        }
    }

    /// What Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let kill = format!("kill -INT {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits until the tool has ended.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        self.stdout.read_to_string(&mut self.written).unwrap();
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = self.written.into_bytes();
        Ended::new(output)
    }
}
