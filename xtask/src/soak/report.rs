//! The outcome of a soak: the counts of the tool and of the emulator, and whether they agree.
//!
//! The emulator's counts take one request over plain HTTP, which is written by hand: build scripts compile
//! this package, and a client such as `ureq` would slow each of them down.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// How long the emulator may take to answer.
const LIMIT: Duration = Duration::from_secs(60);

/// What the emulator has counted.
#[derive(Debug, Deserialize)]
pub(super) struct Stats {
    requests: BTreeMap<String, usize>,
    executions: BTreeMap<String, usize>,
}

/// What the soak has counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) swaps: usize,
    pub(super) crashes: usize,
    pub(super) drained: usize,
    /// The tool's lines about anything that failed.
    pub(super) failures: Vec<String>,
}

/// Asks the emulator for its counts, over its own HTTP interface.
pub(super) fn stats(endpoint: &str) -> Result<Stats> {
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).context("the emulator is gone")?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(
        stream,
        "GET /_emulator/stats HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .context("the emulator doesn't answer")?;
    let (_, body) = answer
        .split_once("\r\n\r\n")
        .context("the emulator's answer isn't HTTP")?;
    serde_json::from_str(body).context("the emulator's counts can't be understood")
}

/// Prints the counts.
///
/// # Errors
/// Where a call failed, or a run was lost, failed, or executed twice.
pub(super) fn report(
    tally: &Tally,
    runs: &BTreeMap<String, usize>,
    stats: &Stats,
    took: Duration,
) -> Result<()> {
    let all: usize = runs.values().sum();
    let successes = runs.get("success").copied().unwrap_or_default();
    let executions: usize = stats.executions.values().sum();
    println!();
    for (what, count) in [
        ("swaps, each by replacing the file", tally.swaps),
        ("swapped-out generations seen to drain", tally.drained),
        ("kill -9 and restart", tally.crashes),
        ("runs in the ledger", all),
        ("runs that succeeded", successes),
        ("executions, by the emulator's count", executions),
        (
            "requests, by the emulator's count",
            stats.requests.values().sum(),
        ),
        ("calls, swaps or commands that failed", tally.failures.len()),
    ] {
        println!("{what:<48}{count:>10}");
    }
    println!("{:<48}{:>8} s", "time", took.as_secs());
    for failure in tally.failures.iter().take(10) {
        println!("{failure}");
    }
    ensure!(tally.failures.is_empty(), "something failed");
    ensure!(successes == all, "not every run succeeded");
    ensure!(executions == all, "a run was lost, or executed twice");
    ensure!(
        tally.drained <= tally.swaps,
        "a generation drained twice, or before its swap was reported"
    );
    println!("\nNothing was lost, and nothing was done twice.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_that_drains_twice_is_told() {
        let tally = Tally {
            swaps: 1,
            drained: 2,
            ..Tally::default()
        };
        let stats = Stats {
            requests: BTreeMap::new(),
            executions: BTreeMap::new(),
        };
        let error = report(&tally, &BTreeMap::new(), &stats, Duration::ZERO).unwrap_err();
        assert!(error.to_string().contains("drained twice"), "{error}");
    }

    fn outcome(successes: usize, executions: usize, failures: &[&str]) -> Result<()> {
        let tally = Tally {
            failures: failures.iter().map(|&line| line.to_owned()).collect(),
            ..Tally::default()
        };
        let runs = BTreeMap::from([("success".to_owned(), successes), ("failed".to_owned(), 0)]);
        let stats = Stats {
            requests: BTreeMap::new(),
            executions: BTreeMap::from([("one-step".to_owned(), executions)]),
        };
        report(&tally, &runs, &stats, Duration::ZERO)
    }

    #[test]
    fn a_soak_passes_where_each_run_was_executed_once() {
        outcome(7, 7, &[]).unwrap();
    }

    #[test]
    fn a_run_that_was_lost_or_executed_twice_fails_the_soak() {
        assert!(outcome(7, 6, &[]).is_err());
        assert!(outcome(7, 8, &[]).is_err());
        assert!(outcome(7, 7, &["a call failed"]).is_err());
    }
}
