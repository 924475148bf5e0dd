//! What the specification asks for holds for each released component on today's host: the tests of the
//! modules below run again, with the released component in place of today's. They run in another process,
//! which an environment variable tells the component.

use crate::support::RELEASED_VARIABLE;
use std::collections::BTreeSet;
use std::env;
use std::process::Command;
use std::time::Duration;
use test_support::process;

const MODULES: [&str; 17] = [
    "cancel",
    "connection",
    "definitions",
    "discovery",
    "error_variants",
    "errors",
    "for_each",
    "isolation",
    "monitor_url",
    "resilience",
    "retry",
    "secrets",
    "selective_execution",
    "start",
    "status",
    "steps",
    "validation",
];

/// The tests of what the released component doesn't do yet. They fail with it, and no other test does.
fn beyond(contract: &str) -> &'static [&'static str] {
    match contract {
        "0.1.0" => &[],
        _ => panic!("say which tests are of what came after version {contract}"),
    }
}

/// Far longer than the tests take, so that one that hangs fails.
const LIMIT: Duration = Duration::from_secs(600);

/// The tests that passed, those that failed, and what was printed.
struct Ran {
    passed: BTreeSet<String>,
    failed: BTreeSet<String>,
    output: String,
}

/// Runs the tests with the component that was released for this version of the contract.
fn run(contract: &str) -> Ran {
    let mut tests = Command::new(env::current_exe().unwrap());
    tests
        .args(MODULES.map(|module| format!("{module}::")))
        .env(RELEASED_VARIABLE, contract);
    let output = process::output(&mut tests, LIMIT).unwrap();
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let with_outcome = |outcome| -> BTreeSet<String> {
        let lines = output.lines();
        let names = lines.filter_map(|line| line.strip_prefix("test ")?.strip_suffix(outcome));
        names.map(str::to_owned).collect()
    };
    Ran {
        passed: with_outcome(" ... ok"),
        failed: with_outcome(" ... FAILED"),
        output,
    }
}

#[test]
fn the_tests_of_the_specification_pass_with_each_released_component() {
    for released in test_components::released() {
        let Ran {
            passed,
            failed,
            output,
        } = run(released.contract);
        for module in MODULES {
            let prefix = format!("{module}::");
            assert!(
                passed.iter().any(|test| test.starts_with(&prefix)),
                "no test of {module} ran"
            );
        }
        let expected = beyond(released.contract).iter().map(|&it| it.to_owned());
        assert_eq!(
            failed,
            expected.collect(),
            "the latter is what this file lists for version {}. What was printed:\n{}",
            released.contract,
            quoted(&output)
        );
    }
}

/// With a mark before each line, so that nobody takes the lines for this test's own.
fn quoted(output: &str) -> String {
    output.lines().map(|line| format!("| {line}\n")).collect()
}
