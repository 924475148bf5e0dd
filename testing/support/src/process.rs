//! Waits for other programs with a time limit, so that a program that hangs fails a test or a task.
//!
//! `process_control` waits for the end of a process. It can't wait for a line of a process that keeps
//! running, so [`Lines`] is our own: a thread and a channel.

use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use process_control::{ChildExt, Control};

/// Runs a program without input to its end and collects what it prints.
///
/// # Errors
/// Where the program can't be started. With [`ErrorKind::TimedOut`] where it runs past the limit: it
/// is killed then.
pub fn output(command: &mut Command, limit: Duration) -> io::Result<Output> {
    output_of_input(command, Stdio::null(), limit)
}

/// As [`output`], for a program that is given `input` as its standard input.
///
/// # Errors
/// As for [`output`].
pub fn output_of_input(command: &mut Command, input: Stdio, limit: Duration) -> io::Result<Output> {
    let output = command
        .stdin(input)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?
        .controlled_with_output()
        .time_limit(limit)
        .terminate_for_timeout()
        .wait()?
        .ok_or_else(|| timed_out(command.get_program().display(), limit))?;
    Ok(Output {
        status: output.status.into_std_lossy(),
        stdout: output.stdout,
        stderr: output.stderr,
    })
}

/// Runs a program without input to its end, shows the parts of its standard output as they come, and
/// returns its status and its standard output.
///
/// # Errors
/// As for [`output`], and where `show` fails.
pub fn shown_output(
    command: &mut Command,
    limit: Duration,
    mut show: impl FnMut(&[u8]) -> io::Result<()> + Send + 'static,
) -> io::Result<(ExitStatus, Vec<u8>)> {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?
        .controlled_with_output()
        .stdout_filter(move |part| show(part).map(|()| true))
        .time_limit(limit)
        .terminate_for_timeout()
        .wait()?
        .ok_or_else(|| timed_out(command.get_program().display(), limit))?;
    Ok((output.status.into_std_lossy(), output.stdout))
}

/// Waits until a program that was started ends.
///
/// # Errors
/// With [`ErrorKind::TimedOut`] where it runs past the limit: it is killed then.
pub fn wait(child: &mut Child, limit: Duration) -> io::Result<ExitStatus> {
    let status = child
        .controlled()
        .time_limit(limit)
        .terminate_for_timeout()
        .wait()?;
    let status = status.ok_or_else(|| timed_out("the program", limit))?;
    Ok(status.into_std_lossy())
}

/// The lines that a program prints, as they come.
///
/// They are read at once, so the program never waits for its reader.
pub struct Lines(Receiver<io::Result<String>>);

impl Lines {
    /// Reads from a pipe until its other end is closed.
    pub fn new(pipe: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines() {
                let failed = line.is_err();
                if sender.send(line).is_err() || failed {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// Waits for the next line; `None` after the last one.
    ///
    /// # Errors
    /// Where the pipe can't be read. With [`ErrorKind::TimedOut`] where no line comes within the
    /// limit.
    pub fn next(&self, limit: Duration) -> io::Result<Option<String>> {
        match self.0.recv_timeout(limit) {
            Ok(line) => line.map(Some),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(io::Error::new(
                ErrorKind::TimedOut,
                format!("no line came within {} s", limit.as_secs()),
            )),
        }
    }
}

fn timed_out(program: impl fmt::Display, limit: Duration) -> io::Error {
    io::Error::new(
        ErrorKind::TimedOut,
        format!("{program} was killed after {} s", limit.as_secs()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than any of these programs takes, on the slowest machine.
    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn the_output_of_a_program_is_collected() {
        let output = output(&mut shell("echo out; echo err >&2; exit 3"), LONG).unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(output.stdout, b"out\n");
        assert_eq!(output.stderr, b"err\n");
    }

    #[test]
    fn output_is_shown_and_collected() {
        let (sender, shown) = mpsc::channel();
        let show = move |part: &[u8]| sender.send(part.to_vec()).map_err(io::Error::other);
        let (status, output) = shown_output(&mut shell("echo out; exit 3"), LONG, show).unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(output, b"out\n");
        assert_eq!(shown.iter().flatten().collect::<Vec<_>>(), b"out\n");
    }

    #[test]
    fn a_program_that_runs_past_its_limit_is_killed() {
        let error = output(&mut shell("exec sleep 600"), Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "sh was killed after 0 s");

        let mut child = shell("exec sleep 600").spawn().unwrap();
        let error = wait(&mut child, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(child.try_wait().unwrap().is_some(), "it still runs");
    }

    #[test]
    fn lines_come_one_by_one_while_the_program_runs() {
        let mut child = shell("echo one; echo two; exec sleep 600")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Lines::new(child.stdout.take().unwrap());
        assert_eq!(lines.next(LONG).unwrap().as_deref(), Some("one"));
        assert_eq!(lines.next(LONG).unwrap().as_deref(), Some("two"));
        let error = lines.next(Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        child.kill().unwrap();
        assert_eq!(lines.next(LONG).unwrap(), None);
        child.wait().unwrap();
    }
}
