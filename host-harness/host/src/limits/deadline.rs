//! When a call ends, by the clock that the plugin sees and by a clock that nobody sets.

use std::time::{Duration, Instant, SystemTime};

use crate::clock::Clock;

/// How long before the deadline a request gives up at the latest, so that the plugin still gets to
/// say what it was waiting for. A tenth of the call's time where that is less.
const TIME_TO_ANSWER: Duration = Duration::from_secs(1);

/// The longest time of a call, a century: the system's clocks can't count to every limit that an
/// operator can write.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// When a call ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// By the connection's clock.
    time: SystemTime,
    /// By a clock that nobody sets.
    instant: Instant,
    /// When a request gives up.
    requests_end: Instant,
}

impl Deadline {
    /// The deadline of a call that begins now.
    pub(crate) fn after(timeout: Duration, clock: &dyn Clock) -> Self {
        let timeout = timeout.min(LONGEST);
        let now = Instant::now();
        let waiting = timeout.saturating_sub(TIME_TO_ANSWER.min(timeout / 10));
        Self {
            time: clock.now() + timeout,
            instant: now + timeout,
            requests_end: now + waiting,
        }
    }

    /// The later one of two deadlines.
    pub(crate) fn or_later(self, other: Self) -> Self {
        match other.instant > self.instant {
            true => other,
            false => self,
        }
    }

    /// The deadline for the plugin, by the connection's clock.
    pub(crate) fn time(&self) -> SystemTime {
        self.time
    }

    /// The deadline for the host, by a clock that nobody sets.
    pub(crate) fn instant(&self) -> Instant {
        self.instant
    }

    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.instant
    }

    /// How long a request that begins now may take.
    pub(crate) fn time_for_request(&self) -> Duration {
        self.requests_end.saturating_duration_since(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{SystemClock, unix_milliseconds};

    #[test]
    fn a_request_gives_up_before_the_call_does() {
        let ten_seconds = Deadline::after(Duration::from_secs(10), &SystemClock);
        assert!(ten_seconds.time_for_request() <= Duration::from_secs(9));
        let one_second = Deadline::after(Duration::from_secs(1), &SystemClock);
        assert!(one_second.time_for_request() <= Duration::from_millis(900));
    }

    #[test]
    fn of_two_deadlines_the_later_one_counts() {
        let early = Deadline::after(Duration::from_secs(10), &SystemClock);
        let late = Deadline::after(Duration::from_secs(60), &SystemClock);
        for deadline in [early.or_later(late), late.or_later(early)] {
            assert_eq!(deadline.instant(), late.instant());
            assert_eq!(deadline.time(), late.time());
        }
    }

    #[test]
    fn a_timeout_may_be_as_long_as_a_duration_can_be() {
        let deadline = Deadline::after(Duration::MAX, &SystemClock);
        assert!(!deadline.has_passed());
        assert!(unix_milliseconds(deadline.time()) > unix_milliseconds(SystemTime::now()));
    }
}
