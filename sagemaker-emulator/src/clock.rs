//! Where the emulator takes the time from: the system, or a clock that a test moves by hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Tells the emulator the time. Executions progress, and signatures expire, by this clock alone.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> SystemTime;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }
}

/// The machine's clock, or one that is a fixed number of seconds off it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock {
    /// Seconds ahead of the machine's clock; negative when behind it.
    pub offset_seconds: i64,
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        let offset = Duration::from_secs(self.offset_seconds.unsigned_abs());
        let now = SystemTime::now();
        let shifted = if self.offset_seconds < 0 {
            now.checked_sub(offset)
        } else {
            now.checked_add(offset)
        };
        shifted.unwrap_or(now)
    }
}

/// A clock that stands still until it is advanced. Share it in an [`Arc`].
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<SystemTime>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: SystemTime) -> Self {
        Self {
            now: Mutex::new(now),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An instant as AWS JSON writes it: a number of seconds since the epoch with three decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EpochSeconds(pub(crate) SystemTime);

impl Serialize for EpochSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let since_epoch = self.0.duration_since(UNIX_EPOCH).unwrap_or_default();
        serializer.serialize_f64(since_epoch.as_millis() as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for EpochSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?.max(0.0);
        Duration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since_epoch| UNIX_EPOCH.checked_add(since_epoch))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("a time beyond the calendar"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_seconds_with_a_fraction() {
        let time = EpochSeconds(UNIX_EPOCH + Duration::from_millis(1_700_000_000_250));
        assert_eq!(serde_json::to_string(&time).unwrap(), "1700000000.25");
    }

    #[test]
    fn a_time_beyond_the_calendar_is_an_error() {
        assert!(serde_json::from_str::<EpochSeconds>("1e300").is_err());
    }
}
