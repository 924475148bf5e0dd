//! Caches the credentials of one connection for as long as they are valid.
//!
//! `aws-smithy-runtime` has an identity cache too, but it has no refresh on demand, which the
//! capability `aws-signing` needs for credentials that the platform refused, it doesn't use
//! credentials that are still valid when a refresh fails, and it caches nothing that is derived from
//! credentials.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::{Mutex, MutexGuard};
use tracing::{debug, warn};

use crate::clock::Clock;
use crate::credentials::no_credentials::NoCredentials;

/// How long before credentials expire they are looked up again.
const BEFORE_EXPIRY: Duration = Duration::from_secs(5 * 60);
/// How long credentials that don't expire are used before they are looked up again.
const WITHOUT_EXPIRY: Duration = Duration::from_secs(15 * 60);
/// How long credentials that are still valid are used after a lookup has failed, before the next one.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Caches credentials, and a value derived from them that lives no longer than they do.
pub(crate) struct CredentialCache<T> {
    provider: SharedCredentialsProvider,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    /// Locked during a lookup, so that there is one lookup at a time and those who wait share it.
    cached: Mutex<Option<Cached<T>>>,
    /// Lookups that found credentials.
    found: AtomicU64,
}

/// Credentials, and what was derived from them.
pub(crate) struct Cached<T> {
    pub(crate) credentials: Credentials,
    pub(crate) derived: T,
    refresh_at: SystemTime,
}

impl<T: Default> CredentialCache<T> {
    pub(crate) fn new(
        provider: SharedCredentialsProvider,
        clock: Arc<dyn Clock>,
        timeout: Duration,
    ) -> Self {
        Self {
            provider,
            clock,
            timeout,
            cached: Mutex::new(None),
            found: AtomicU64::new(0),
        }
    }

    /// Hands the credentials in use to `with`, and looks them up first if that is due.
    pub(crate) async fn get<R>(
        &self,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let mut slot = self.cached.lock().await;
        let now = self.clock.now();
        match &mut *slot {
            Some(cached) if now < cached.refresh_at => return Ok(with(cached)),
            _ => {}
        }
        match self.look_up(&mut slot).await {
            Ok(cached) => Ok(with(cached)),
            Err(error) => match &mut *slot {
                Some(cached)
                    if cached
                        .credentials
                        .expiry()
                        .is_some_and(|expiry| now < expiry) =>
                {
                    warn!(%error, "the lookup failed; AWS credentials that are still valid are used");
                    cached.refresh_at = now + AFTER_FAILURE;
                    Ok(with(cached))
                }
                _ => Err(error),
            },
        }
    }

    /// Looks credentials up, then hands them to `with`. A lookup that another task does meanwhile
    /// counts.
    pub(crate) async fn refresh<R>(
        &self,
        with: impl FnOnce(&mut Cached<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let found = self.found.load(Ordering::Acquire);
        let mut slot = self.cached.lock().await;
        match &mut *slot {
            Some(cached) if found != self.found.load(Ordering::Acquire) => Ok(with(cached)),
            _ => self.look_up(&mut slot).await.map(with),
        }
    }

    async fn look_up<'a>(
        &self,
        slot: &'a mut MutexGuard<'_, Option<Cached<T>>>,
    ) -> Result<&'a mut Cached<T>, NoCredentials> {
        let credentials = tokio::time::timeout(self.timeout, self.provider.provide_credentials())
            .await
            .map_err(|_elapsed| NoCredentials::Timeout(self.timeout))?
            .map_err(NoCredentials::from)?;
        let now = self.clock.now();
        let refresh_at = match credentials.expiry() {
            Some(expiry) if expiry <= now => return Err(NoCredentials::Expired),
            Some(expiry) => expiry - BEFORE_EXPIRY,
            None => now + WITHOUT_EXPIRY,
        };
        self.found.fetch_add(1, Ordering::Release);
        debug!(
            access_key_id = credentials.access_key_id(),
            "AWS credentials found"
        );
        Ok(slot.insert(Cached {
            credentials,
            derived: T::default(),
            refresh_at,
        }))
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::error::CredentialsError;

    use super::*;
    use crate::testing::{ManualClock, ProvideBy};

    fn cache<F>(provider: &ProvideBy<F>, clock: &Arc<ManualClock>) -> CredentialCache<()>
    where
        F: Fn(usize) -> Result<Credentials, CredentialsError> + Send + Sync + 'static,
    {
        CredentialCache::new(provider.shared(), clock.clone(), Duration::from_secs(30))
    }

    /// The n-th credentials, that expire at a time.
    fn credentials(n: usize, expiry: Option<SystemTime>) -> Credentials {
        Credentials::new(format!("key-{n}"), "secret", None, expiry, "test")
    }

    fn key_id(cached: &mut Cached<()>) -> String {
        cached.credentials.access_key_id().to_owned()
    }

    #[tokio::test]
    async fn credentials_serve_until_five_minutes_before_they_expire() {
        let clock = ManualClock::new();
        let expiry = clock.now() + Duration::from_secs(3_600);
        let provider = ProvideBy::new(move |n| Ok(credentials(n, Some(expiry))));
        let cache = cache(&provider, &clock);
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(3_299));
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn credentials_that_do_not_expire_are_looked_up_again_after_15_minutes() {
        let clock = ManualClock::new();
        let provider = ProvideBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &clock);
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(WITHOUT_EXPIRY);
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn credentials_that_are_still_valid_are_used_when_a_lookup_fails() {
        let clock = ManualClock::new();
        let expiry = clock.now() + Duration::from_secs(3_600);
        let provider = ProvideBy::new(move |n| match n {
            0 => Ok(credentials(n, Some(expiry))),
            _ => Err(CredentialsError::provider_error("out of order")),
        });
        let cache = cache(&provider, &clock);
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(3_400));
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        assert_eq!(provider.asked(), 2);
        clock.advance(Duration::from_secs(200));
        assert!(matches!(
            cache.get(key_id).await,
            Err(NoCredentials::Failed(_))
        ));
    }

    #[tokio::test]
    async fn the_message_about_missing_credentials_is_one_sentence() {
        let clock = ManualClock::new();
        let provider = ProvideBy::new(|_| Err(CredentialsError::not_loaded("a long\nlist")));
        assert_eq!(
            cache(&provider, &clock).get(key_id).await,
            Err(NoCredentials::NotFound)
        );
    }

    #[tokio::test]
    async fn expired_credentials_are_an_error() {
        let clock = ManualClock::new();
        let expiry = clock.now();
        let provider = ProvideBy::new(move |n| Ok(credentials(n, Some(expiry))));
        assert_eq!(
            cache(&provider, &clock).get(key_id).await,
            Err(NoCredentials::Expired)
        );
    }

    #[tokio::test]
    async fn a_refresh_looks_credentials_up() {
        let provider = ProvideBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &ManualClock::new());
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        assert_eq!(cache.refresh(key_id).await, Ok("key-1".to_owned()));
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn requests_at_the_same_time_share_one_lookup() {
        let provider = ProvideBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &ManualClock::new());
        let _ = tokio::join!(cache.get(key_id), cache.get(key_id), cache.get(key_id));
        assert_eq!(provider.asked(), 1);
        let _ = tokio::join!(cache.refresh(key_id), cache.refresh(key_id));
        assert_eq!(provider.asked(), 2);
    }

    #[tokio::test]
    async fn a_lookup_past_its_timeout_is_given_up() {
        #[derive(Debug)]
        struct Never;
        impl ProvideCredentials for Never {
            fn provide_credentials<'a>(
                &'a self,
            ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
            where
                Self: 'a,
            {
                aws_credential_types::provider::future::ProvideCredentials::new(
                    std::future::pending(),
                )
            }
        }
        let cache = CredentialCache::<()>::new(
            SharedCredentialsProvider::new(Never),
            ManualClock::new(),
            Duration::from_millis(1),
        );
        let error = cache.get(key_id).await.expect_err("never");
        assert_eq!(error, NoCredentials::Timeout(Duration::from_millis(1)));
    }
}
