//! Tests that are skipped, and say so.
//!
//! Rust's test runner can't report a test that decides at run time that it can't run: such a test
//! passes. So the test prints a line that `cargo xtask test` collects.

use std::env;
use std::io::{self, Write};

/// The beginning of the line of a skipped test; `what: why` follows.
pub const MARK: &str = "SKIPPED ";

/// Whether a test that can't run has to fail: where `CI` is `true`.
pub fn is_forbidden() -> bool {
    env::var("CI").as_deref() == Ok("true")
}

/// Says that `what` is skipped, and why, in one line on standard error.
pub fn announce(what: &str, why: &str) {
    // Not `eprintln`, whose output the test runner captures. A closed standard error has no reader.
    let _ = io::stderr().write_all(line(what, why).as_bytes());
}

fn line(what: &str, why: &str) -> String {
    let words: Vec<_> = why.split_whitespace().collect();
    format!("{MARK}{what}: {}\n", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_many_lines_becomes_one_line() {
        let line = line("the test with boto3", "pip failed:\n  no network\n");
        assert_eq!(
            line,
            "SKIPPED the test with boto3: pip failed: no network\n"
        );
    }
}
