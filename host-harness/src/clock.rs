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
