//! The tool while it runs: tests wait for what it writes, and act then.

use std::io::{Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, Command, Output, Stdio};
use std::thread::{self, JoinHandle};

use test_support::process::{self, Lines};

use crate::support::{Ended, LIMIT};

/// The tool while it runs, and what it has written so far. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines,
    stderr: Option<JoinHandle<Vec<u8>>>,
    written: Vec<u8>,
}

impl Running {
    pub(crate) fn new(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        Self {
            stdin: child.stdin.take(),
            stdout: Lines::new(child.stdout.take().unwrap()),
            stderr: Some(thread::spawn(move || read(stderr))),
            child,
            written: Vec::new(),
        }
    }

    /// Waits for a further line that contains `part`, and returns the line.
    #[track_caller]
    pub(crate) fn until(&mut self, part: &str) -> String {
        while let Some(line) = self.next_line() {
            if line.contains(part) {
                return line;
            }
        }
        let written = String::from_utf8_lossy(&self.written);
        panic!("{part:?} isn't in a further line of: {written}");
    }

    #[track_caller]
    fn next_line(&mut self) -> Option<String> {
        let line = self.stdout.next(LIMIT).unwrap()?;
        self.written.extend(line.as_bytes());
        self.written.push(b'\n');
        Some(line)
    }

    pub(crate) fn write_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// What Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        self.signal("INT");
    }

    /// What a service manager does.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    #[cfg(unix)]
    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success());
    }

    /// Kills the tool, and returns when it has ended.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until the tool has ended.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        while self.next_line().is_some() {}
        Ended::new(Output {
            status: process::wait(&mut self.child, LIMIT).unwrap(),
            stdout: std::mem::take(&mut self.written),
            stderr: self.stderr.take().unwrap().join().unwrap(),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut stderr: ChildStderr) -> Vec<u8> {
    let mut text = Vec::new();
    stderr.read_to_end(&mut text).unwrap();
    text
}
