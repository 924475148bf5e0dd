//! The summary of `cargo xtask test`: what failed, with the command that repeats it; what was skipped,
//! and why; and the counts in the last line.

use std::fmt;

use xtask::machine::typed;

use crate::checks::Check;
use crate::test_output::{FailedTest, TestReport};

/// The outcome of the checks so far.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    passed: usize,
    failures: Vec<Failure>,
    skipped: Vec<Skipped>,
}

#[derive(Debug)]
struct Failure {
    what: String,
    /// The command that repeats it.
    command: String,
}

#[derive(Debug)]
struct Skipped {
    what: String,
    /// How often it was skipped: several tests may be skipped for the same reason.
    times: usize,
}

impl Summary {
    /// Adds something that failed, with the command that repeats it.
    pub(crate) fn fail(&mut self, what: String, command: String) {
        self.failures.push(Failure { what, command });
    }

    /// Adds something that was skipped.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        self.skip_line(format!("{what}: {why}"));
    }

    fn skip_line(&mut self, what: String) {
        match self.skipped.iter_mut().find(|known| known.what == what) {
            Some(known) => known.times += 1,
            None => self.skipped.push(Skipped { what, times: 1 }),
        }
    }

    /// Adds what a check with tests has printed.
    pub(crate) fn add_tests(&mut self, report: TestReport, check: &Check) {
        // A test that is skipped at run time passes, in the eyes of the test runner.
        self.passed += report.passed.saturating_sub(report.skipped.len());
        if report.failed.is_empty() && !report.succeeded {
            self.fail(check.name.to_owned(), check.command());
        }
        for test in report.failed {
            let command = repeating_command(&test);
            self.fail(test.name.unwrap_or_else(|| test.target.clone()), command);
        }
        if report.secrets > 0 {
            let what = format!("the tests printed a secret, in {} lines", report.secrets);
            self.fail(what, format!("{} -- --show-output", check.command()));
        }
        for skipped in report.skipped.into_iter().chain(report.ignored) {
            self.skip_line(skipped);
        }
    }

    pub(crate) fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }
}

/// The command that repeats one test, or all of its target where no single test is to blame.
fn repeating_command(test: &FailedTest) -> String {
    let command = format!("cargo test {} --all-features", test.target);
    match &test.name {
        None => command,
        // rustdoc splits a filter at its blanks, and treats each part as its own filter. The last part
        // of `src/lib.rs - Host (line 3)` picks the example, and few others.
        Some(name) if test.target.ends_with("--doc") => {
            let line = name.rsplit(' ').next().unwrap_or(name);
            format!("{command} -- {}", typed(&[line]))
        }
        Some(name) => format!("{command} -- {} --exact", typed(&[name])),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.failures.is_empty() {
            writeln!(f, "Failed, each with the command that repeats it:")?;
        }
        for Failure { what, command } in &self.failures {
            writeln!(f, "  {what}\n    {command}")?;
        }
        if !self.skipped.is_empty() {
            writeln!(f, "Skipped:")?;
        }
        for Skipped { what, times } in &self.skipped {
            match times {
                1 => writeln!(f, "  {what}")?,
                _ => writeln!(f, "  {what} ({times} times)")?,
            }
        }
        let skipped: usize = self.skipped.iter().map(|skipped| skipped.times).sum();
        write!(
            f,
            "\n{} passed, {} failed, {skipped} skipped",
            self.passed,
            self.failures.len(),
        )
    }
}

#[cfg(test)]
mod tests {
    use xtask::route::Route;

    use super::*;
    use crate::checks::{self, Kind};

    fn check() -> &'static Check {
        let mut checks = checks::all(Route::Rustup);
        checks.retain(|check| check.kind == Kind::Tests);
        checks.last().unwrap()
    }

    fn failed(name: Option<&str>, target: &str) -> FailedTest {
        FailedTest {
            name: name.map(str::to_owned),
            target: target.to_owned(),
        }
    }

    #[test]
    fn a_run_without_failures_ends_with_its_counts() {
        let mut summary = Summary::default();
        let report = TestReport {
            passed: 42,
            succeeded: true,
            ..TestReport::default()
        };
        summary.add_tests(report, check());
        assert!(!summary.has_failures());
        assert_eq!(summary.to_string(), "\n42 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn each_failure_has_the_command_that_repeats_it() {
        let mut summary = Summary::default();
        summary.fail("Format".to_owned(), "cargo fmt --all --check".to_owned());
        let report = TestReport {
            passed: 3,
            failed: vec![
                failed(
                    Some("retry::twice"),
                    "-p sagemaker-pipeline --test end_to_end",
                ),
                failed(Some("src/lib.rs - Host (line 3)"), "-p polysync-host --doc"),
                failed(None, "-p xtask --lib"),
            ],
            ..TestReport::default()
        };
        summary.add_tests(report, check());
        assert!(summary.has_failures());
        assert_eq!(
            summary.to_string(),
            "Failed, each with the command that repeats it:
  Format
    cargo fmt --all --check
  retry::twice
    cargo test -p sagemaker-pipeline --test end_to_end --all-features -- retry::twice --exact
  src/lib.rs - Host (line 3)
    cargo test -p polysync-host --doc --all-features -- '3)'
  -p xtask --lib
    cargo test -p xtask --lib --all-features

3 passed, 4 failed, 0 skipped"
        );
    }

    #[test]
    fn tests_that_were_skipped_do_not_count_as_passed() {
        let mut summary = Summary::default();
        let report = TestReport {
            passed: 5,
            skipped: vec!["moto: no Python".to_owned(), "moto: no Python".to_owned()],
            ignored: vec!["slow: ignored".to_owned()],
            succeeded: true,
            ..TestReport::default()
        };
        summary.add_tests(report, check());
        assert_eq!(
            summary.to_string(),
            "Skipped:\n  moto: no Python (2 times)\n  slow: ignored\n\n\
             3 passed, 0 failed, 3 skipped"
        );
    }

    #[test]
    fn a_check_that_fails_without_a_failed_test_is_its_own_failure() {
        let mut summary = Summary::default();
        summary.add_tests(TestReport::default(), check());
        assert!(summary.to_string().contains(&check().command()));
        assert!(
            summary
                .to_string()
                .ends_with("0 passed, 1 failed, 0 skipped")
        );
    }

    #[test]
    fn a_printed_secret_is_a_failure_even_if_every_test_passed() {
        let mut summary = Summary::default();
        let report = TestReport {
            passed: 1,
            secrets: 2,
            succeeded: true,
            ..TestReport::default()
        };
        summary.add_tests(report, check());
        assert!(summary.has_failures());
        assert!(summary.to_string().contains("a secret, in 2 lines"));
    }
}
