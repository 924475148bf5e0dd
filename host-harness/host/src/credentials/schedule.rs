//! When the credentials of a connection may be looked up: how long good ones serve, and how long a
//! failure is remembered.

use std::time::{Duration, SystemTime};

/// How long before credentials expire they are looked up again.
const BEFORE_EXPIRY: Duration = Duration::from_secs(5 * 60);

/// How long credentials that don't expire are used before they are looked up again.
const WITHOUT_EXPIRY: Duration = Duration::from_secs(15 * 60);

/// The least time from a lookup to the next one while there are credentials that are valid: also for
/// those that come close to their expiry, and after a lookup that failed.
const WITH_CREDENTIALS: Duration = Duration::from_secs(60);

/// The least time from a lookup to the next one while there are none.
const WITHOUT_CREDENTIALS: Duration = Duration::from_secs(10);

/// The least time from a lookup that the plugin asked for to the next such one.
const BETWEEN_REFRESHES: Duration = Duration::from_secs(60);

/// When a lookup is due, and when a plugin may have one. All times are those of the connection's
/// clock; when somebody sets it back, nothing waits for a time that may be far off.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// The end of the last lookup, and how long after it the next one is due.
    last: Option<(SystemTime, Duration)>,
    refreshed: Option<SystemTime>,
}

impl Schedule {
    /// Whether it is time for a lookup.
    pub(crate) fn is_due(&self, now: SystemTime) -> bool {
        self.last
            .is_none_or(|(ended, pause)| has_passed(ended, pause, now))
    }

    /// Whether the plugin may have a lookup that isn't due.
    pub(crate) fn may_refresh(&self, now: SystemTime) -> bool {
        self.refreshed
            .is_none_or(|last| has_passed(last, BETWEEN_REFRESHES, now))
    }

    /// A lookup begins that the plugin asked for.
    pub(crate) fn refresh(&mut self, now: SystemTime) {
        self.refreshed = Some(now);
    }

    /// A lookup found credentials that are valid until `expiry`.
    pub(crate) fn found(&mut self, now: SystemTime, expiry: Option<SystemTime>) {
        let pause = match expiry {
            None => WITHOUT_EXPIRY,
            Some(expiry) => {
                let valid = expiry.duration_since(now).unwrap_or_default();
                valid
                    .saturating_sub(BEFORE_EXPIRY)
                    .max(WITH_CREDENTIALS.min(valid))
                    .max(WITHOUT_CREDENTIALS)
            }
        };
        self.last = Some((now, pause));
    }

    /// A lookup found nothing; `has_valid` says whether earlier credentials still serve.
    pub(crate) fn failed(&mut self, now: SystemTime, has_valid: bool) {
        let pause = match has_valid {
            true => WITH_CREDENTIALS,
            false => WITHOUT_CREDENTIALS,
        };
        self.last = Some((now, pause));
    }
}

/// Whether a pause after `start` is over. A clock that was set back ends every pause.
fn has_passed(start: SystemTime, pause: Duration, now: SystemTime) -> bool {
    now.duration_since(start)
        .map_or(true, |passed| passed >= pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    /// How long after a lookup that found credentials with `seconds` to live the next one is due.
    fn pause_after(seconds: u64) -> u64 {
        let mut schedule = Schedule::default();
        schedule.found(NOW, Some(NOW + Duration::from_secs(seconds)));
        (0..=seconds)
            .find(|passed| schedule.is_due(NOW + Duration::from_secs(*passed)))
            .unwrap_or(u64::MAX)
    }

    #[test]
    fn credentials_are_looked_up_five_minutes_before_they_expire_but_not_twice_in_a_minute() {
        for (lifetime, pause) in [(3_600, 3_300), (361, 61), (360, 60), (299, 60), (61, 60)] {
            assert_eq!(pause_after(lifetime), pause, "{lifetime}");
        }
        // Those that live shorter serve to their end.
        assert_eq!(pause_after(59), 59);
        assert_eq!(pause_after(10), 10);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let mut schedule = Schedule::default();
        let later = NOW + Duration::from_secs(1_000_000);
        schedule.failed(later, false);
        schedule.refresh(later);
        assert!(!schedule.is_due(later));
        assert!(!schedule.may_refresh(later));
        assert!(schedule.is_due(NOW));
        assert!(schedule.may_refresh(NOW));
    }

    #[test]
    fn an_expiry_in_the_distant_past_or_future_is_no_trouble() {
        for expiry in [SystemTime::UNIX_EPOCH, NOW + Duration::from_secs(1 << 40)] {
            let mut schedule = Schedule::default();
            schedule.found(NOW + Duration::from_secs(1), Some(expiry));
            assert!(!schedule.is_due(NOW + Duration::from_secs(2)));
        }
    }
}
