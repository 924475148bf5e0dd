//! How many lines all calls of one slot may log in a minute.
//!
//! It is a token bucket in the form of the generic cell rate algorithm, which needs one time and no
//! timer. `governor` has it too, but for clocks of its own that can't be set back, and it doesn't say
//! how much it refused.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

const MINUTE: Duration = Duration::from_secs(60);

/// The lines that may still be logged.
#[derive(Debug)]
pub(crate) struct LogRate {
    /// The time in which one more line may be logged.
    interval: Duration,
    bucket: Mutex<Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    /// When nothing of what was logged counts any more.
    full_at: Option<SystemTime>,
    /// The lines that were dropped since the last one that was written.
    dropped: u64,
}

/// What happens to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is written. Before it, `dropped` lines were dropped.
    Written { dropped: u64 },
    /// It is dropped; `is_first` after one that was written.
    Dropped { is_first: bool },
}

impl LogRate {
    pub(crate) fn new(lines_per_minute: u32) -> Self {
        Self {
            interval: MINUTE / lines_per_minute.max(1),
            bucket: Mutex::default(),
        }
    }

    /// Whether a line is written. Once a line was dropped, none is written until half as many as
    /// in a minute may be, so that a flood isn't reported line by line.
    pub(crate) fn admit(&self, now: SystemTime) -> Admission {
        // No code panics while it holds the lock, so the bucket is consistent even if poisoned.
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let is_dropping = bucket.dropped > 0;
        // After the clock was set back, nothing may be logged for a minute at worst.
        let used = bucket
            .full_at
            .and_then(|full_at| full_at.duration_since(now).ok())
            .unwrap_or_default()
            .min(MINUTE);
        let fits = used + self.interval <= MINUTE;
        if !fits || is_dropping && used > MINUTE / 2 {
            bucket.full_at = now.checked_add(used);
            bucket.dropped = bucket.dropped.saturating_add(1);
            return Admission::Dropped {
                is_first: !is_dropping,
            };
        }
        bucket.full_at = now.checked_add(used + self.interval);
        Admission::Written {
            dropped: std::mem::take(&mut bucket.dropped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a million lines, a hundred in each second, are written in each minute.
    fn written_by_minute(lines_per_minute: u32) -> Vec<usize> {
        let rate = LogRate::new(lines_per_minute);
        let mut written = vec![0; 3];
        for (minute, count) in written.iter_mut().enumerate() {
            for hundredth in 0..6_000 {
                let passed = Duration::from_millis(10 * hundredth);
                let now = SystemTime::UNIX_EPOCH + MINUTE * minute as u32 + passed;
                *count += usize::from(matches!(rate.admit(now), Admission::Written { .. }));
            }
        }
        written
    }

    #[test]
    fn a_flood_is_cut_to_a_full_bucket_and_then_to_what_flows_in() {
        // Half a bucket flows in while lines are dropped, and is used up again.
        for (limit, at_most) in [(1, 2), (7, 14), (600, 1_200)] {
            for written in written_by_minute(limit) {
                assert!((1..=at_most).contains(&written), "{written} at {limit}");
            }
        }
        assert_eq!(written_by_minute(10_000), [6_000; 3]);
    }

    #[test]
    fn a_clock_that_is_set_back_is_a_minute_of_silence_at_most() {
        let rate = LogRate::new(2);
        let later = SystemTime::UNIX_EPOCH + 100 * MINUTE;
        for _ in 0..2 {
            assert_eq!(rate.admit(later), Admission::Written { dropped: 0 });
        }
        let first = Admission::Dropped { is_first: true };
        assert_eq!(rate.admit(SystemTime::UNIX_EPOCH), first);
        let passed = SystemTime::UNIX_EPOCH + MINUTE;
        assert_eq!(rate.admit(passed), Admission::Written { dropped: 1 });
    }
}
