//! Reads what cargo and Rust's test runner print: which tests failed, in which target; what was
//! skipped; and whether a secret was printed.
//!
//! The secrets that the tests plant all hold [`MARKER`]. The tests run with `--show-output`, so that
//! the output of tests that passed is there to be searched; it isn't shown.
//!
//! The test runner's own format for machines (`--format json`) needs a nightly compiler, so this
//! reads the text.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::Command;

use anyhow::{Context, Result};
use test_support::skip;

/// Part of each secret that a test plants.
const MARKER: &str = "never-to-be-printed";

/// What the test runner adds to the name of a test that must panic or only compiles.
const NAME_SUFFIXES: [&str; 3] = [" - should panic", " - compile fail", " - compile"];

/// The outcome of a run of tests.
#[derive(Debug, Default)]
pub(crate) struct TestReport {
    /// How many tests passed, by the test runner's count.
    pub(crate) passed: usize,
    pub(crate) failed: Vec<FailedTest>,
    /// `what: why`, of each test that was skipped at run time.
    pub(crate) skipped: Vec<String>,
    /// `name: why`, of each test that has the attribute `ignore`.
    pub(crate) ignored: Vec<String>,
    /// How many lines hold a secret.
    pub(crate) secrets: usize,
    /// Whether cargo ended with success.
    pub(crate) succeeded: bool,
}

impl TestReport {
    pub(crate) fn has_passed(&self) -> bool {
        self.succeeded && self.secrets == 0
    }
}

/// A test that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FailedTest {
    /// `None` where a whole target failed and not one of its tests: its process was killed, for example.
    pub(crate) name: Option<String>,
    /// The target, as arguments of `cargo test`.
    pub(crate) target: String,
}

/// Runs a command of tests, and shows its output without that of tests that passed.
///
/// # Errors
/// Where the command can't be run or its output can't be read.
pub(crate) fn run(mut command: Command) -> Result<TestReport> {
    // One pipe for both streams, so that cargo's lines and the tests' come in their order.
    let (output, errors) = io::pipe().context("can't make a pipe")?;
    let errors_too = errors.try_clone().context("can't make a pipe")?;
    let mut tests = command
        .stdout(errors)
        .stderr(errors_too)
        .spawn()
        .context("can't start the tests")?;
    // The command holds the pipe's other end, without which the output has no end.
    drop(command);
    let mut report = read(output, io::stdout()).context("can't read what the tests print")?;
    report.succeeded = tests.wait()?.success();
    Ok(report)
}

/// Passes lines on, and reads them.
fn read(from: impl Read, mut to: impl Write) -> io::Result<TestReport> {
    let mut reader = Reader::default();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if reader.read(text.trim_end()) {
            to.write_all(&line)?;
            to.flush()?;
        }
        line.clear();
    }
    Ok(reader.end())
}

/// The part of a target's output that a line is in.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    /// Cargo's lines, and a line for each test.
    #[default]
    Tests,
    /// What tests that passed have printed.
    Successes,
    /// What tests that failed have printed.
    Failures,
}

#[derive(Default)]
struct Reader {
    section: Section,
    /// Tests that failed, in a target that cargo names after them.
    pending: Vec<String>,
    report: TestReport,
}

impl Reader {
    /// Reads a line, and returns whether it is shown.
    fn read(&mut self, line: &str) -> bool {
        let has_secret = line.contains(MARKER);
        self.report.secrets += usize::from(has_secret);
        if let Some(skipped) = line.strip_prefix(skip::MARK) {
            self.report.skipped.push(skipped.to_owned());
        }
        match line {
            "successes:" => self.section = Section::Successes,
            "failures:" => self.section = Section::Failures,
            _ if line.starts_with("test result: ") => {
                self.section = Section::Tests;
                self.report.passed += passed(line).unwrap_or_default();
            }
            _ if self.section == Section::Tests => self.read_outcome(line),
            _ => {}
        }
        if let Some(target) = failed_target(line) {
            // Here too where the target's process has ended in the middle of its output.
            self.section = Section::Tests;
            self.fail_pending(target);
        }
        self.section != Section::Successes || has_secret
    }

    /// Reads the line of one test: `test NAME ... OUTCOME`.
    fn read_outcome(&mut self, line: &str) {
        let Some((name, outcome)) = line
            .strip_prefix("test ")
            .and_then(|test| test.rsplit_once(" ... "))
        else {
            return;
        };
        let name = NAME_SUFFIXES
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .unwrap_or(name);
        if outcome == "FAILED" {
            self.pending.push(name.to_owned());
        } else if let Some(why) = outcome.strip_prefix("ignored") {
            let why = why.trim_start_matches(", ");
            let why = if why.is_empty() { "ignored" } else { why };
            self.report.ignored.push(format!("{name}: {why}"));
        }
    }

    fn fail_pending(&mut self, target: &str) {
        let names: Vec<_> = self.pending.drain(..).map(Some).collect();
        let names = if names.is_empty() { vec![None] } else { names };
        self.report
            .failed
            .extend(names.into_iter().map(|name| FailedTest {
                name,
                target: target.to_owned(),
            }));
    }

    fn end(mut self) -> TestReport {
        if !self.pending.is_empty() {
            self.fail_pending("--workspace");
        }
        self.report
    }
}

/// The count in `test result: ok. 3 passed; 0 failed; …`.
fn passed(line: &str) -> Option<usize> {
    let (before, _) = line.split_once(" passed")?;
    before.rsplit(' ').next()?.parse().ok()
}

/// The target in cargo's line: error: test failed, to rerun pass `-p xtask --lib`.
fn failed_target(line: &str) -> Option<&str> {
    let (_, hint) = line
        .strip_prefix("error: ")?
        .split_once("failed, to rerun pass `")?;
    hint.strip_suffix('`')
}

#[cfg(test)]
mod tests;
