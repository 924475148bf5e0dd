//! The capability `clock`: the time, the call's deadline, waiting, and randomness for retries.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, unix_milliseconds};
use crate::contract::v0_2::bindings::capabilities::clock::Host;
use crate::limits::deadline::Deadline;

/// The clock of one call.
pub(crate) struct ClockCapability {
    clock: Arc<dyn Clock>,
    deadline: Deadline,
}

impl ClockCapability {
    pub(crate) fn new(clock: Arc<dyn Clock>, deadline: Deadline) -> Self {
        Self { clock, deadline }
    }
}

impl Host for ClockCapability {
    fn now(&mut self) -> u64 {
        unix_milliseconds(self.clock.now())
    }

    fn deadline(&mut self) -> u64 {
        unix_milliseconds(self.deadline.time())
    }

    fn jitter(&mut self, max_milliseconds: u64) -> u64 {
        self.clock.random(max_milliseconds)
    }

    async fn sleep(&mut self, milliseconds: u64) {
        let now = self.clock.now();
        let left = self.deadline.time().duration_since(now).unwrap_or_default();
        let wanted = Duration::from_millis(milliseconds);
        self.clock.sleep(wanted.min(left)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    fn capability() -> ClockCapability {
        let clock = ManualClock::new();
        let deadline = Deadline::after(Duration::from_secs(10), &*clock);
        ClockCapability::new(clock, deadline)
    }

    #[test]
    fn the_deadline_is_the_call_timeout_from_now() {
        let mut clock = capability();
        assert_eq!(clock.now(), 1_440_938_160_000);
        assert_eq!(clock.deadline(), clock.now() + 10_000);
    }

    #[tokio::test]
    async fn sleep_ends_at_the_deadline_at_the_latest() {
        let mut clock = capability();
        let start = clock.now();
        clock.sleep(4_000).await;
        assert_eq!(clock.now(), start + 4_000);
        clock.sleep(u64::MAX).await;
        assert_eq!(clock.now(), start + 10_000);
        clock.sleep(1).await;
        assert_eq!(clock.now(), start + 10_000);
    }

    #[test]
    fn jitter_is_a_random_number_of_the_clock() {
        // The manual clock's random number is the largest one.
        assert_eq!(capability().jitter(7), 7);
    }
}
