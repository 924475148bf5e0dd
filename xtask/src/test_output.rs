//! What the tests print, looked through for secrets.
//!
//! The secrets that the tests plant all hold [`MARKER`]. The tests run with `--show-output`, so that
//! what a test that passed has printed is there too; it is looked through and not shown.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// Part of each secret that a test plants.
const MARKER: &str = "never-to-be-printed";

/// Runs a command of tests, and shows what it prints but for the output of tests that passed.
///
/// # Errors
/// Where it can't be run, or has printed a secret.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    let mut tests = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("can't start the tests")?;
    let stderr = tests.stderr.take();
    let errors = thread::spawn(move || look_through(stderr, io::stderr(), |_| true));
    let mut shown = Shown::default();
    let printed = look_through(tests.stdout.take(), io::stdout(), |line| shown.shows(line));
    let status = tests.wait()?;
    let found = match errors.join() {
        Ok(found) => printed? + found?,
        Err(_) => bail!("what the tests print can't be read"),
    };
    if found > 0 {
        bail!("the tests printed a secret, in {found} lines that hold {MARKER:?}");
    }
    Ok(status)
}

/// Passes lines on; returns how many hold a secret.
fn look_through(
    from: Option<impl Read>,
    mut to: impl Write,
    mut shows: impl FnMut(&str) -> bool,
) -> io::Result<usize> {
    let mut found = 0;
    let mut lines = from.map(BufReader::new);
    let mut line = Vec::new();
    while let Some(lines) = &mut lines {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        let is_secret = text.contains(MARKER);
        found += usize::from(is_secret);
        if shows(text.trim_end()) || is_secret {
            to.write_all(&line)?;
            to.flush()?;
        }
    }
    Ok(found)
}

/// Which lines of Rust's test runner are shown: all but those from `successes:` to what comes after.
#[derive(Default)]
struct Shown {
    hidden: bool,
}

impl Shown {
    fn shows(&mut self, line: &str) -> bool {
        if line == "successes:" {
            self.hidden = true;
        } else if line == "failures:" || line.starts_with("test result:") {
            self.hidden = false;
        }
        !self.hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
test a ... ok

successes:

---- a stdout ----
noise

successes:
    a

failures:

---- b stdout ----
why

test result: FAILED. 1 passed; 1 failed
";

    fn look(output: &str) -> (usize, String) {
        let (mut shown, mut screen) = (Shown::default(), Vec::new());
        let found = look_through(Some(output.as_bytes()), &mut screen, |line| {
            shown.shows(line)
        });
        (found.unwrap(), String::from_utf8(screen).unwrap())
    }

    #[test]
    fn the_output_of_tests_that_passed_is_not_shown() {
        let (found, screen) = look(OUTPUT);
        assert_eq!(found, 0);
        assert_eq!(
            screen,
            "test a ... ok\n\nfailures:\n\n---- b stdout ----\nwhy\n\n\
             test result: FAILED. 1 passed; 1 failed\n"
        );
    }

    #[test]
    fn a_secret_is_found_and_shown_wherever_it_is_printed() {
        let leak = format!("key=x{MARKER}y");
        let (found, screen) = look(&OUTPUT.replace("noise", &leak).replace("why", &leak));
        assert_eq!(found, 2);
        assert_eq!(screen.matches(&leak).count(), 2);
    }
}
