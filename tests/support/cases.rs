//! Random cases that are the same in each run.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A runner whose randomness is the same each time.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// So many values, for tests that have to await: those can't be shrunk, and have to name the value
/// where they fail.
pub(crate) fn cases<S: Strategy>(count: u32, strategy: S) -> impl Iterator<Item = S::Value> {
    let mut runner = runner(count);
    (0..count).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}
