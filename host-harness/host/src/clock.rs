//! The capability `clock`: the time, waiting, and randomness for retries.

use std::fmt;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::call::CallState;
use crate::contract::capabilities::clock;

/// Where a host has the time and its randomness from. A test brings its own.
#[async_trait]
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time.
    fn now(&self) -> SystemTime;

    /// Waits.
    async fn sleep(&self, duration: Duration);

    /// A number from 0 to `max`, both included, at random.
    fn random(&self, max: u64) -> u64;
}

/// The system's clock.
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

/// Milliseconds since 1970-01-01T00:00:00Z; 0 for times before.
pub(crate) fn milliseconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

impl clock::Host for CallState {
    fn now(&mut self) -> u64 {
        milliseconds(self.session.clock.now())
    }

    fn deadline(&mut self) -> u64 {
        milliseconds(self.deadline.time)
    }

    fn jitter(&mut self, max_milliseconds: u64) -> u64 {
        self.session.clock.random(max_milliseconds)
    }

    async fn sleep(&mut self, milliseconds: u64) {
        let left = self
            .deadline
            .time
            .duration_since(self.session.clock.now())
            .unwrap_or_default();
        let wanted = Duration::from_millis(milliseconds);
        self.session.clock.sleep(wanted.min(left)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::clock::Host;
    use super::*;
    use crate::grants::Grants;
    use crate::limits::Limits;
    use crate::testing::{ManualClock, call_state, credentials, no_network};

    fn state() -> CallState {
        let limits = Limits {
            call_timeout: Duration::from_secs(10),
            ..Limits::recommended()
        };
        call_state(
            limits,
            Grants::none(),
            no_network(),
            credentials(),
            ManualClock::new(),
        )
    }

    #[test]
    fn the_deadline_is_the_call_s_timeout_from_now() {
        let mut state = state();
        assert_eq!(state.now(), 1_440_938_160_000);
        assert_eq!(state.deadline(), state.now() + 10_000);
    }

    #[tokio::test]
    async fn sleep_ends_at_the_deadline_at_the_latest() {
        let mut state = state();
        let start = state.now();
        state.sleep(4_000).await;
        assert_eq!(state.now(), start + 4_000);
        state.sleep(u64::MAX).await;
        assert_eq!(state.now(), start + 10_000);
        state.sleep(1).await;
        assert_eq!(state.now(), start + 10_000);
    }

    #[test]
    fn jitter_stays_within_its_bounds() {
        for max in [0, 1, u64::MAX] {
            assert!(SystemClock.random(max) <= max);
        }
        let mut state = state();
        assert_eq!(state.jitter(7), 7);
    }
}
