//! What all requests share: the settings, the clock, and the state behind its lock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::fault::Faults;
use crate::model::Model;
use crate::rate_limit::RateLimit;
use crate::record::Records;
use crate::settings::Settings;
use crate::store::Store;

/// The emulator behind its HTTP server.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) model: Model,
    clock: Box<dyn Clock>,
    state: Mutex<State>,
}

/// All that changes.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) records: Records,
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

    /// The time in whole milliseconds, the finest that answers can tell.
    pub(crate) fn now(&self) -> SystemTime {
        let now = self.clock.now();
        let beyond_millis = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since_epoch| since_epoch.subsec_nanos() % 1_000_000);
        now - Duration::from_nanos(beyond_millis.into())
    }
}
