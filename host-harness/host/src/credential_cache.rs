//! Keeps the credentials of one connection for as long as they are good.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use tokio::sync::{Mutex, MutexGuard};
use tracing::{debug, warn};

use crate::clock::Clock;

/// Credentials that expire are looked for anew this long before they do.
const BEFORE_EXPIRY: Duration = Duration::from_secs(5 * 60);
/// Credentials that don't say when they expire are looked for anew after this long.
const WITHOUT_EXPIRY: Duration = Duration::from_secs(15 * 60);
/// After a look that failed, good credentials serve on for this long before the next one.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Keeps credentials, and a value made of them that lives no longer than they do.
pub(crate) struct CredentialCache<T> {
    provider: SharedCredentialsProvider,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    /// Held during a look, so that there is one look at a time and those who wait share it.
    kept: Mutex<Option<Kept<T>>>,
    /// How often credentials were found.
    found: AtomicU64,
}

/// Credentials, and what was made of them.
pub(crate) struct Kept<T> {
    pub(crate) credentials: Credentials,
    pub(crate) made: T,
    look_again: SystemTime,
}

/// Why there are no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCredentials {
    #[error(
        "no credentials found: not in the environment, not in a profile, nor with a role of this \
         machine; sign in, or name a profile"
    )]
    NotFound,
    #[error("the look for AWS credentials failed: {0}; check the AWS configuration of the host")]
    Failed(String),
    #[error(
        "the look for AWS credentials took longer than {} s (`Limits::credentials_timeout`)",
        .0.as_secs_f64()
    )]
    Timeout(Duration),
    #[error("the AWS credentials have expired; renew them where the host has them from")]
    Expired,
}

impl From<CredentialsError> for NoCredentials {
    fn from(error: CredentialsError) -> Self {
        let message = with_causes(&error);
        // The default chain lists, line by line, all places where there are none.
        if message.contains('\n') && matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
            debug!(error = message, "no AWS credentials found");
            Self::NotFound
        } else {
            Self::Failed(message)
        }
    }
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
            kept: Mutex::new(None),
            found: AtomicU64::new(0),
        }
    }

    /// Hands the credentials in use to `with`.
    pub(crate) async fn get<R>(
        &self,
        with: impl FnOnce(&mut Kept<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let mut slot = self.kept.lock().await;
        let now = self.clock.now();
        match &mut *slot {
            Some(kept) if now < kept.look_again => return Ok(with(kept)),
            _ => {}
        }
        match self.look(&mut slot).await {
            Ok(kept) => Ok(with(kept)),
            Err(error) => match &mut *slot {
                Some(kept) if kept.credentials.expiry().is_some_and(|expiry| now < expiry) => {
                    warn!(%error, "the AWS credentials that are still good serve on");
                    kept.look_again = now + AFTER_FAILURE;
                    Ok(with(kept))
                }
                _ => Err(error),
            },
        }
    }

    /// Looks for credentials anew, then hands them to `with`. A look that others began in the
    /// meantime counts.
    pub(crate) async fn refresh<R>(
        &self,
        with: impl FnOnce(&mut Kept<T>) -> R,
    ) -> Result<R, NoCredentials> {
        let found = self.found.load(Ordering::Acquire);
        let mut slot = self.kept.lock().await;
        match &mut *slot {
            Some(kept) if found != self.found.load(Ordering::Acquire) => Ok(with(kept)),
            _ => self.look(&mut slot).await.map(with),
        }
    }

    async fn look<'a>(
        &self,
        slot: &'a mut MutexGuard<'_, Option<Kept<T>>>,
    ) -> Result<&'a mut Kept<T>, NoCredentials> {
        let credentials = tokio::time::timeout(self.timeout, self.provider.provide_credentials())
            .await
            .map_err(|_elapsed| NoCredentials::Timeout(self.timeout))?
            .map_err(NoCredentials::from)?;
        let now = self.clock.now();
        let look_again = match credentials.expiry() {
            Some(expiry) if expiry <= now => return Err(NoCredentials::Expired),
            Some(expiry) => expiry - BEFORE_EXPIRY,
            None => now + WITHOUT_EXPIRY,
        };
        self.found.fetch_add(1, Ordering::Release);
        debug!(
            access_key_id = credentials.access_key_id(),
            "AWS credentials found"
        );
        Ok(slot.insert(Kept {
            credentials,
            made: T::default(),
            look_again,
        }))
    }
}

/// A message with those of its causes.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_message = cause.to_string();
        if !message.ends_with(&cause_message) {
            message = format!("{message}: {cause_message}");
        }
        source = cause.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FindBy, ManualClock};

    fn cache<F>(provider: &FindBy<F>, clock: &Arc<ManualClock>) -> CredentialCache<()>
    where
        F: Fn(usize) -> Result<Credentials, CredentialsError> + Send + Sync + 'static,
    {
        CredentialCache::new(provider.shared(), clock.clone(), Duration::from_secs(30))
    }

    /// The n-th credentials, that expire at a time.
    fn credentials(n: usize, expiry: Option<SystemTime>) -> Credentials {
        Credentials::new(format!("key-{n}"), "secret", None, expiry, "test")
    }

    fn key_id(kept: &mut Kept<()>) -> String {
        kept.credentials.access_key_id().to_owned()
    }

    #[tokio::test]
    async fn credentials_serve_until_five_minutes_before_they_expire() {
        let clock = ManualClock::new();
        let expiry = clock.now() + Duration::from_secs(3_600);
        let provider = FindBy::new(move |n| Ok(credentials(n, Some(expiry))));
        let cache = cache(&provider, &clock);
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(3_299));
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(1));
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn credentials_that_do_not_expire_are_looked_for_anew_from_time_to_time() {
        let clock = ManualClock::new();
        let provider = FindBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &clock);
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(WITHOUT_EXPIRY);
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn a_failed_look_leaves_credentials_in_use_that_are_still_good() {
        let clock = ManualClock::new();
        let expiry = clock.now() + Duration::from_secs(3_600);
        let provider = FindBy::new(move |n| match n {
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
    async fn that_there_are_none_is_one_sentence() {
        let clock = ManualClock::new();
        let provider = FindBy::new(|_| Err(CredentialsError::not_loaded("a long\nlist")));
        assert_eq!(
            cache(&provider, &clock).get(key_id).await,
            Err(NoCredentials::NotFound)
        );
    }

    #[tokio::test]
    async fn expired_credentials_are_none() {
        let clock = ManualClock::new();
        let expiry = clock.now();
        let provider = FindBy::new(move |n| Ok(credentials(n, Some(expiry))));
        assert_eq!(
            cache(&provider, &clock).get(key_id).await,
            Err(NoCredentials::Expired)
        );
    }

    #[tokio::test]
    async fn a_refresh_looks_anew() {
        let provider = FindBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &ManualClock::new());
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        assert_eq!(cache.refresh(key_id).await, Ok("key-1".to_owned()));
        assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
    }

    #[tokio::test]
    async fn those_who_ask_at_the_same_time_share_one_look() {
        let provider = FindBy::new(|n| Ok(credentials(n, None)));
        let cache = cache(&provider, &ManualClock::new());
        let _ = tokio::join!(cache.get(key_id), cache.get(key_id), cache.get(key_id));
        assert_eq!(provider.asked(), 1);
        let _ = tokio::join!(cache.refresh(key_id), cache.refresh(key_id));
        assert_eq!(provider.asked(), 2);
    }

    #[tokio::test]
    async fn a_look_that_takes_too_long_is_given_up() {
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
