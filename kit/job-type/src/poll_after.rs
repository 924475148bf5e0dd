//! When it is worth asking again how a run is.
//!
//! What begins or changes may change again soon: a run that fails mostly does so in its first minutes.
//! What has been the same for hours mostly stays so for minutes more. So the wait is a part of the time
//! since the platform last changed the run, within bounds.

/// In milliseconds: platforms take seconds to begin anything.
const SHORTEST: u64 = 5_000;
/// In milliseconds: nobody learns of the end later than that.
const LONGEST: u64 = 60_000;
/// The part of the time since the last change.
const PART: u64 = 20;

/// The time of the next question about a run that is not over, in milliseconds since 1970: after a
/// twentieth of the time since `changed_at`, but at least 5 and at most 60 seconds after `now`.
/// `changed_at` is the latest time that the platform tells of the run: its last change, else its start.
/// `None` where it tells no time.
pub fn poll_after(changed_at: Option<u64>, now: u64) -> Option<u64> {
    // The platform's clock may be ahead of the host's.
    let age = now.saturating_sub(changed_at?);
    let wait = (age / PART).clamp(SHORTEST, LONGEST);
    Some(now.saturating_add(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const NOW: u64 = 1_700_000_000_000;

    #[test]
    fn a_fresh_run_is_asked_about_soon_and_an_old_one_once_a_minute() {
        for (age, expected) in [
            (0, 5),
            (100 * SECOND, 5),
            (4 * MINUTE, 12),
            (10 * MINUTE, 30),
            (20 * MINUTE, 60),
            (30 * 24 * 60 * MINUTE, 60),
        ] {
            let wait = poll_after(Some(NOW - age), NOW).map(|at| (at - NOW) / SECOND);
            assert_eq!(wait, Some(expected), "{age}");
        }
    }

    #[test]
    fn without_a_time_of_the_platforms_the_host_decides() {
        assert_eq!(poll_after(None, NOW), None);
    }

    #[test]
    fn times_that_make_no_sense_break_nothing() {
        assert_eq!(poll_after(Some(u64::MAX), NOW), Some(NOW + 5 * SECOND));
        assert_eq!(poll_after(Some(0), u64::MAX), Some(u64::MAX));
    }
}
