//! The host's clock: the time, waiting, and randomness, which a test replaces by its own.

use std::fmt;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

/// Where a host gets the time and its randomness from. A test brings its own.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync {
    /// The current time.
    fn now(&self) -> SystemTime;

    /// Returns when `duration` has passed.
    async fn sleep(&self, duration: Duration);

    /// A random number from 0 to `max`, both included.
    fn random(&self, max: u64) -> u64;
}

/// The clock of the operating system, with Tokio's timer and a fast, non-cryptographic generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn random(&self, max: u64) -> u64 {
        fastrand::u64(..=max)
    }
}

/// The contract's form of a time: milliseconds since 1970-01-01T00:00:00Z, and 0 for earlier times.
pub(crate) fn unix_milliseconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_stay_within_their_bounds() {
        for max in [0, 1, u64::MAX] {
            assert!(SystemClock.random(max) <= max);
        }
    }
}
