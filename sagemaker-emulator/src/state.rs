//! What all requests share: the settings, the model, the clock, and the state behind its lock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::access::credentials::Credentials;
use crate::access::rate_limit::RateLimit;
use crate::api::model::Model;
use crate::clock::Clock;
use crate::fault::FaultQueue;
use crate::request_log::RequestLog;
use crate::settings::Settings;
use crate::store::Store;

/// Shared by the HTTP server and the [`Emulator`](crate::Emulator).
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) model: Model,
    clock: Box<dyn Clock>,
    state: Mutex<State>,
}

/// Everything that changes while the emulator runs.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) faults: FaultQueue,
    pub(crate) request_log: RequestLog,
    pub(crate) credentials: Vec<Credentials>,
    pub(crate) rate_limit: RateLimit,
}

impl Shared {
    pub(crate) fn new(
        settings: Settings,
        model: Model,
        clock: Box<dyn Clock>,
        credentials: Vec<Credentials>,
    ) -> Self {
        let state = State {
            credentials,
            ..State::default()
        };
        Self {
            settings,
            model,
            clock,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time in whole milliseconds, which is the precision of responses.
    pub(crate) fn now(&self) -> SystemTime {
        let now = self.clock.now();
        let sub_millis = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since_epoch| since_epoch.subsec_nanos() % 1_000_000);
        now - Duration::from_nanos(sub_millis.into())
    }
}
