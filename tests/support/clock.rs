//! One clock for host and emulator.

use async_trait::async_trait;
use polysync_host::Clock;
use sagemaker_emulator::{Clock as _, ManualClock};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The clock that host and emulator share. Sleeping moves it and takes no time.
#[derive(Clone)]
pub(crate) struct SharedClock(pub(crate) Arc<ManualClock>);

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedClock")
    }
}

#[async_trait]
impl Clock for SharedClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }

    /// Always `max`, so that delays are the same in each run.
    fn random(&self, max: u64) -> u64 {
        max
    }
}
