//! A limit to the number of requests in any one second.
//!
//! `governor` was considered: it meters by the machine's clock or by clocks of its own, and evens
//! requests out; here the emulator's clock counts, and a burst may use the whole second up.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

const WINDOW: Duration = Duration::from_secs(1);

/// The times of the requests that were permitted within the last second.
#[derive(Debug, Default)]
pub(crate) struct RateLimit(VecDeque<SystemTime>);

impl RateLimit {
    /// Whether one more request is permitted now. If so, it counts.
    pub(crate) fn try_acquire(&mut self, per_second: u32, now: SystemTime) -> bool {
        while self.0.front().is_some_and(|time| *time + WINDOW <= now) {
            self.0.pop_front();
        }
        let permitted = self.0.len() < usize::try_from(per_second).unwrap_or(usize::MAX);
        if permitted {
            self.0.push_back(now);
        }
        permitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_limit_holds_for_any_one_second() {
        let mut limit = RateLimit::default();
        let mut at = |millis| limit.try_acquire(2, UNIX_EPOCH + Duration::from_millis(millis));
        assert!(at(0) && at(500) && !at(999));
        assert!(at(1000) && !at(1400));
    }
}
