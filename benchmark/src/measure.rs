//! Samples of a measurement: one for each round, with the median and the spread.

use std::time::{Duration, Instant};

use serde::Serialize;

/// What one thing took in each round, all in the same unit.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The sample below which this share of all samples lies; 0 where there is none.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        // Between 0 and `last`, so the cast loses nothing.
        let at = (last as f64 * share.clamp(0.0, 1.0)).round() as usize;
        sorted.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// These samples divided by others, round by round: what slows the machine down slows both.
    pub(crate) fn in_units_of(&self, other: &Self) -> Self {
        self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect()
    }

    /// What these samples are more than others, round by round.
    pub(crate) fn less(&self, other: &Self) -> Self {
        self.0.iter().zip(&other.0).map(|(a, b)| a - b).collect()
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(samples: I) -> Self {
        Self(samples.into_iter().collect())
    }
}

impl From<f64> for Samples {
    fn from(only: f64) -> Self {
        Self(vec![only])
    }
}

/// Microseconds for each of `calls` calls.
pub(crate) fn microseconds_each(elapsed: Duration, calls: u32) -> f64 {
    elapsed.as_secs_f64() * 1e6 / f64::from(calls.max(1))
}

/// Measures how long one of `calls` calls takes, in microseconds.
pub(crate) fn time(calls: u32, mut call: impl FnMut()) -> f64 {
    let started = Instant::now();
    for _ in 0..calls {
        call();
    }
    microseconds_each(started.elapsed(), calls)
}

/// As [`time`], for asynchronous calls.
pub(crate) async fn time_async(calls: u32, mut call: impl AsyncFnMut()) -> f64 {
    let started = Instant::now();
    for _ in 0..calls {
        call().await;
    }
    microseconds_each(started.elapsed(), calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_do_not_depend_on_the_order() {
        let samples = Samples::from_iter([3.0, 1.0, 2.0]);
        assert_eq!(samples.quantile(0.0), 1.0);
        assert_eq!(samples.median(), 2.0);
        assert_eq!(samples.quantile(1.0), 3.0);
        assert_eq!(Samples::default().median(), 0.0);
    }

    #[test]
    fn a_ratio_is_taken_round_by_round() {
        let slow = Samples::from_iter([2.0, 20.0, 4.0]);
        let fast = Samples::from_iter([1.0, 10.0, 1.0]);
        assert_eq!(slow.in_units_of(&fast).median(), 2.0);
        assert_eq!(slow.in_units_of(&fast).quantile(1.0), 4.0);
    }
}
