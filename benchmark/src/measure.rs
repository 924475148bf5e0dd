//! How things are measured that take microseconds: by turns, in rounds, with the spread.

use std::time::{Duration, Instant};

/// What one thing took in all rounds, in one unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn push(&mut self, value: f64) {
        let at = self.0.partition_point(|sample| *sample <= value);
        self.0.insert(at, value);
    }

    /// The sample below which this share of all lies; 0 where there is none.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        // Between 0 and `last`, so that nothing is cut off.
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let at = (last as f64 * share.clamp(0.0, 1.0)).round() as usize;
        self.0.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// So many microseconds for one of `calls` calls.
pub(crate) fn microseconds_each(elapsed: Duration, calls: u32) -> f64 {
    elapsed.as_secs_f64() * 1e6 / f64::from(calls.max(1))
}

/// How long one of `calls` calls takes, in microseconds.
pub(crate) fn time(calls: u32, mut call: impl FnMut()) -> f64 {
    let started = Instant::now();
    for _ in 0..calls {
        call();
    }
    microseconds_each(started.elapsed(), calls)
}

/// The same for calls that wait.
pub(crate) async fn time_async(calls: u32, mut call: impl AsyncFnMut()) -> f64 {
    let started = Instant::now();
    for _ in 0..calls {
        call().await;
    }
    microseconds_each(started.elapsed(), calls)
}
