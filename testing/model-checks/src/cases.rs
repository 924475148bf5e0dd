//! Random cases, which are the same in every run.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A runner that draws the same cases every time.
pub fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// `count` values, for tests that have to await. These aren't shrunk, so a failing test has to name
/// the value.
///
/// # Panics
/// Where the strategy refuses too many values.
pub fn cases<S: Strategy>(count: u32, strategy: S) -> impl Iterator<Item = S::Value> {
    let mut runner = runner(count);
    (0..count).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}
