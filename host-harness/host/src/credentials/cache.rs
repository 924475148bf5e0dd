//! Caches the credentials of one connection for as long as they are valid.
//!
//! `aws-smithy-runtime` has an identity cache too, but it has no refresh on demand, which the
//! capability `aws-signing` needs for credentials that the platform refused, it doesn't use
//! credentials that are still valid when a refresh fails, and it caches nothing that is derived from
//! credentials. `moka` doesn't hand an old value out while it gets a new one, and a future that is
//! shared (`futures_util::future::Shared`) stands still as soon as nobody waits for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::Notify;
use tracing::{debug, warn};

use crate::clock::Clock;
use crate::credentials::no_credentials::NoCredentials;
use crate::credentials::schedule::Schedule;

/// Caches credentials, and a value derived from them that lives no longer than they do.
pub(crate) struct CredentialCache<T: Default>(Arc<Inner<T>>);

struct Inner<T> {
    provider: SharedCredentialsProvider,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    /// Never locked during a lookup, so that those whose credentials are good don't wait for one.
    state: Mutex<State<T>>,
    /// Wakes those who wait for a lookup.
    looked: Notify,
}

struct State<T> {
    cached: Option<Cached<T>>,
    /// Why the last lookup found nothing.
    failure: Option<NoCredentials>,
    schedule: Schedule,
    is_looking: bool,
}

/// Credentials, and what was derived from them.
pub(crate) struct Cached<T> {
    pub(crate) credentials: Credentials,
    pub(crate) derived: T,
}

/// A lookup that is under way. However it ends, those who wait for it learn it when this is dropped.
struct Lookup<T: Default> {
    cache: Arc<Inner<T>>,
    found: Result<Credentials, NoCredentials>,
}

impl<T: Default + Send + 'static> CredentialCache<T> {
    pub(crate) fn new(
        provider: SharedCredentialsProvider,
        clock: Arc<dyn Clock>,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            provider,
            clock,
            timeout,
            state: Mutex::new(State {
                cached: None,
                failure: None,
                schedule: Schedule::default(),
                is_looking: false,
            }),
            looked: Notify::new(),
        }))
    }

    /// Hands the credentials in use to `with`. If a lookup is due, it begins in the background; only
    /// where no credentials are valid is it waited for.
    pub(crate) async fn get<R>(
        &self,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let (answer, lookup) = {
            // Declared before the lock, so that it is dropped after it.
            let mut lookup = None;
            let mut state = self.0.lock();
            let now = self.0.clock.now();
            if state.schedule.is_due(now) {
                lookup = Lookup::begin(&self.0, &mut state);
            }
            let answer = if state.is_looking && state.valid(now).is_none() {
                Err((with, self.0.looked.notified()))
            } else {
                Ok(state.best(now, with))
            };
            drop(state);
            (answer, lookup)
        };
        if let Some(lookup) = lookup {
            lookup.spawn();
        }
        match answer {
            Ok(answer) => answer,
            Err((with, looked)) => {
                looked.await;
                self.0.lock().best(self.0.clock.now(), with)
            }
        }
    }

    /// Hands what a lookup finds to `with`: of one that is under way, or of a new one. A new one is
    /// done once a minute; until then the last one's result counts.
    pub(crate) async fn refresh<R>(
        &self,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let (looked, lookup) = {
            let mut lookup = None;
            let mut state = self.0.lock();
            let now = self.0.clock.now();
            if !state.is_looking {
                if !state.schedule.may_refresh(now) {
                    return state.last(now, with);
                }
                state.schedule.refresh(now);
                lookup = Lookup::begin(&self.0, &mut state);
            }
            let looked = self.0.looked.notified();
            drop(state);
            (looked, lookup)
        };
        if let Some(lookup) = lookup {
            lookup.spawn();
        }
        looked.await;
        self.0.lock().last(self.0.clock.now(), with)
    }
}

impl<T: Default> Inner<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code leaves the state half changed, so it is consistent even if poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look_up(&self) -> Result<Credentials, NoCredentials> {
        let credentials = tokio::time::timeout(self.timeout, self.provider.provide_credentials())
            .await
            .map_err(|_elapsed| NoCredentials::Timeout(self.timeout))?
            .map_err(NoCredentials::from)?;
        match credentials.expiry() {
            Some(expiry) if expiry <= self.clock.now() => Err(NoCredentials::Expired),
            _ => Ok(credentials),
        }
    }

    /// Ends a lookup, and wakes those who wait for it.
    fn end(&self, found: Result<Credentials, NoCredentials>) {
        let now = self.clock.now();
        let mut state = self.lock();
        state.is_looking = false;
        match found {
            Ok(credentials) => {
                debug!(
                    access_key_id = credentials.access_key_id(),
                    "AWS credentials found"
                );
                state.schedule.found(now, credentials.expiry());
                state.failure = None;
                state.cached = Some(Cached {
                    credentials,
                    derived: T::default(),
                });
            }
            Err(error) => {
                let has_valid = state.valid(now).is_some();
                if has_valid {
                    warn!(%error, "the lookup failed; AWS credentials that are still valid are used");
                }
                state.schedule.failed(now, has_valid);
                state.failure = Some(error);
            }
        }
        drop(state);
        self.looked.notify_waiters();
    }
}

impl<T> State<T> {
    /// The credentials, if they haven't expired.
    fn valid(&mut self, now: SystemTime) -> Option<&mut Cached<T>> {
        let cached = self.cached.as_mut()?;
        let is_valid = cached.credentials.expiry().is_none_or(|end| now < end);
        is_valid.then_some(cached)
    }

    /// Credentials that are valid, whatever the last lookup found.
    fn best<R>(
        &mut self,
        now: SystemTime,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        match self.valid(now) {
            Some(cached) => Ok(with(cached)),
            None => Err(self.failure.clone().unwrap_or(NoCredentials::Expired)),
        }
    }

    /// What the last lookup found.
    fn last<R>(
        &mut self,
        now: SystemTime,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        match &self.failure {
            Some(failure) => Err(failure.clone()),
            None => self.best(now, with),
        }
    }
}

impl<T: Default + Send + 'static> Lookup<T> {
    /// Begins a lookup, unless one is under way.
    fn begin(cache: &Arc<Inner<T>>, state: &mut State<T>) -> Option<Self> {
        (!std::mem::replace(&mut state.is_looking, true)).then(|| Self {
            cache: Arc::clone(cache),
            found: Err(NoCredentials::BrokenOff),
        })
    }

    /// Looks in the background, so that the lookup ends even if nobody waits for it any more.
    fn spawn(mut self) {
        tokio::spawn(async move {
            let found = self.cache.look_up().await;
            self.found = found;
            drop(self);
        });
    }
}

impl<T: Default> Drop for Lookup<T> {
    fn drop(&mut self) {
        let found = std::mem::replace(&mut self.found, Err(NoCredentials::BrokenOff));
        self.cache.end(found);
    }
}

#[cfg(test)]
mod tests;
