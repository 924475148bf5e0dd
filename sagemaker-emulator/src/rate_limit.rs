//! The number of requests that pass in any one second.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

const WINDOW: Duration = Duration::from_secs(1);

/// When requests passed within the last second.
#[derive(Debug, Default)]
pub(crate) struct RateLimit(VecDeque<SystemTime>);

impl RateLimit {
    /// Whether one more may pass now; if so it counts.
    pub(crate) fn admits(&mut self, most_per_second: u32, now: SystemTime) -> bool {
        while self.0.front().is_some_and(|time| *time + WINDOW <= now) {
            self.0.pop_front();
        }
        let admits = self.0.len() < usize::try_from(most_per_second).unwrap_or(usize::MAX);
        if admits {
            self.0.push_back(now);
        }
        admits
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn only_so_many_pass_within_a_second() {
        let mut limit = RateLimit::default();
        let mut at = |millis| limit.admits(2, UNIX_EPOCH + Duration::from_millis(millis));
        assert!(at(0) && at(500) && !at(999));
        assert!(at(1000) && !at(1400));
    }
}
