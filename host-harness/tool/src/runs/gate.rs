//! A clock for tests, whose waits end when the test says so.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use polysync_host::Clock;
use tokio::sync::Notify;

/// A clock whose waits end when the test says so. All of them are as long as the test expects.
#[derive(Debug)]
pub(crate) struct Gate {
    expected: Duration,
    /// Told of each wait that begins.
    pub(crate) begun: Notify,
    /// Ends a wait.
    pub(crate) passed: Notify,
}

impl Gate {
    pub(crate) fn of(expected: Duration) -> Self {
        Self {
            expected,
            begun: Notify::new(),
            passed: Notify::new(),
        }
    }
}

#[async_trait]
impl Clock for Gate {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    async fn sleep(&self, duration: Duration) {
        assert_eq!(duration, self.expected);
        self.begun.notify_one();
        self.passed.notified().await;
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}
