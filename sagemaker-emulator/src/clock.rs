//! The clocks that the emulator can run on: the system's, or one that a test moves by hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

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
