//! The reader, on output as cargo and the test runner write it.

use super::*;

const OUTPUT: &str = "\
     Running unittests src/lib.rs (target/debug/deps/one-1)

running 2 tests
test a ... ok
test b ... FAILED
test c - should panic ... FAILED
test d ... ignored, it needs a network

successes:

---- a stdout ----
noise
test noise ... FAILED

successes:
    a

failures:

---- b stdout ----
why
test noise ... FAILED

failures:
    b

test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out

error: test failed, to rerun pass `-p one --lib`
     Running tests/two.rs (target/debug/deps/two-1)

running 1 test
SKIPPED e: no Python
test e ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out

error: 1 target failed:
    `-p one --lib`
";

fn read_all(output: &str) -> (TestReport, String) {
    let mut screen = Vec::new();
    let report = read(output.as_bytes(), &mut screen).unwrap();
    (report, String::from_utf8(screen).unwrap())
}

fn failed(name: Option<&str>, target: &str) -> FailedTest {
    FailedTest {
        name: name.map(str::to_owned),
        target: target.to_owned(),
    }
}

#[test]
fn failed_tests_are_found_with_their_target_and_not_in_the_output_of_tests() {
    let (report, _) = read_all(OUTPUT);
    assert_eq!(
        report.failed,
        [
            failed(Some("b"), "-p one --lib"),
            failed(Some("c"), "-p one --lib")
        ]
    );
    assert_eq!(report.passed, 2);
}

#[test]
fn skipped_and_ignored_tests_are_found_with_their_reasons() {
    let (report, _) = read_all(OUTPUT);
    assert_eq!(report.skipped, ["e: no Python"]);
    assert_eq!(report.ignored, ["d: it needs a network"]);
}

#[test]
fn a_target_that_was_killed_is_a_failure_without_a_test() {
    let (report, _) = read_all(
        "running 2 tests\ntest a ... ok\nerror: test failed, to rerun pass `-p one --test two`\n\
         \nCaused by:\n  process didn't exit successfully (signal: 6, SIGABRT)\n",
    );
    assert_eq!(report.failed, [failed(None, "-p one --test two")]);
}

#[test]
fn a_failed_example_is_found_with_its_line() {
    let (report, _) = read_all(
        "   Doc-tests one\n\nrunning 1 test\ntest src/lib.rs - Host (line 3) - compile ... FAILED\n\
         \nfailures:\n\n---- src/lib.rs - Host (line 3) stdout ----\nerror: no such type\n\
         \ntest result: FAILED. 0 passed; 1 failed\n\nerror: doctest failed, to rerun pass `-p one --doc`\n",
    );
    let name = Some("src/lib.rs - Host (line 3)");
    assert_eq!(report.failed, [failed(name, "-p one --doc")]);
}

#[test]
fn the_output_of_tests_that_passed_is_not_shown() {
    let (report, screen) = read_all(OUTPUT);
    assert_eq!(report.secrets, 0);
    let (before, rest) = OUTPUT.split_once("successes:").unwrap();
    let (_, after) = rest.split_once("failures:").unwrap();
    assert_eq!(screen, format!("{before}failures:{after}"));
}

#[test]
fn a_secret_is_found_and_shown_wherever_it_is_printed() {
    let leak = format!("key=x{MARKER}y");
    let (report, screen) = read_all(
        &OUTPUT
            .replace("noise\n", &format!("{leak}\n"))
            .replace("why", &leak),
    );
    assert_eq!(report.secrets, 2);
    assert_eq!(screen.matches(&leak).count(), 2);
    assert!(!report.has_passed());
}
