//! Tests of the cache, with a clock that the test moves.

use aws_credential_types::provider::error::CredentialsError;
use futures_util::FutureExt;

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

/// Lets a lookup in the background come to its end.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// Provides credentials once, and then never answers again.
#[derive(Debug, Default)]
struct OnlyOnce(std::sync::atomic::AtomicBool);

impl ProvideCredentials for OnlyOnce {
    fn provide_credentials<'a>(
        &'a self,
    ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::future::ProvideCredentials;
        if self.0.swap(true, std::sync::atomic::Ordering::Relaxed) {
            return ProvideCredentials::new(std::future::pending());
        }
        let credentials = Credentials::new("once", "secret", None, None, "test");
        ProvideCredentials::ready(Ok(credentials))
    }
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
    assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
    settle().await;
    assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
}

#[tokio::test]
async fn credentials_that_do_not_expire_are_looked_up_again_after_15_minutes() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new(|n| Ok(credentials(n, None)));
    let cache = cache(&provider, &clock);
    assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
    clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
    settle().await;
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
    for _ in 0..3 {
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        settle().await;
    }
    assert_eq!(provider.asked(), 2);
    clock.advance(Duration::from_secs(200));
    assert!(matches!(
        cache.get(key_id).await,
        Err(NoCredentials::Failed(_))
    ));
}

#[tokio::test]
async fn credentials_that_do_not_expire_are_kept_when_a_lookup_fails() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new(|n| match n {
        0 => Ok(credentials(n, None)),
        _ => Err(CredentialsError::provider_error("out of order")),
    });
    let cache = cache(&provider, &clock);
    for _ in 0..3 {
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        settle().await;
        clock.advance(Duration::from_secs(15 * 60));
    }
    assert_eq!(provider.asked(), 3);
}

#[tokio::test]
async fn credentials_that_always_come_close_to_expiry_are_looked_up_once_a_minute() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new({
        let clock = Arc::clone(&clock);
        move |n| Ok(credentials(n, Some(clock.now() + Duration::from_secs(240))))
    });
    let cache = cache(&provider, &clock);
    for minute in 1..=3 {
        for _ in 0..59 {
            cache.get(key_id).await.expect("credentials");
            settle().await;
            clock.advance(Duration::from_secs(1));
        }
        assert_eq!(provider.asked(), minute);
        clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn credentials_that_expire_at_once_are_looked_up_every_ten_seconds() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new({
        let clock = Arc::clone(&clock);
        move |n| Ok(credentials(n, Some(clock.now() + Duration::from_secs(1))))
    });
    let cache = cache(&provider, &clock);
    assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
    clock.advance(Duration::from_secs(9));
    assert_eq!(cache.get(key_id).await, Err(NoCredentials::Expired));
    assert_eq!(cache.get(key_id).await, Err(NoCredentials::Expired));
    assert_eq!(provider.asked(), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
}

#[tokio::test]
async fn a_lookup_that_failed_is_repeated_after_ten_seconds() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new(|n| match n {
        0 => Err(CredentialsError::provider_error("out of order")),
        _ => Ok(credentials(n, None)),
    });
    let cache = cache(&provider, &clock);
    for _ in 0..10 {
        let error = cache.get(key_id).await.expect_err("out of order");
        assert!(matches!(error, NoCredentials::Failed(_)), "{error}");
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(provider.asked(), 1);
    assert_eq!(cache.get(key_id).await, Ok("key-1".to_owned()));
}

#[tokio::test]
async fn good_credentials_are_handed_out_while_a_lookup_is_under_way() {
    let clock = ManualClock::new();
    let cache = CredentialCache::new(
        SharedCredentialsProvider::new(OnlyOnce::default()),
        clock.clone(),
        Duration::from_secs(3_600),
    );
    assert_eq!(cache.get(key_id).await, Ok("once".to_owned()));
    // The lookup that is due hangs.
    clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(
        cache.get(key_id).now_or_never(),
        Some(Ok("once".to_owned()))
    );
    // So does a refresh.
    assert_eq!(cache.refresh(key_id).now_or_never(), None);
    assert_eq!(
        cache.get(key_id).now_or_never(),
        Some(Ok("once".to_owned()))
    );
}

#[tokio::test]
async fn a_lookup_that_panics_keeps_nobody_waiting() {
    let provider = ProvideBy::new(|_| panic!("the provider is broken"));
    let cache = cache(&provider, &ManualClock::new());
    let mut waiting = Box::pin(cache.get(key_id));
    assert_eq!(waiting.as_mut().now_or_never(), None);
    settle().await;
    let answer = waiting.now_or_never();
    assert_eq!(answer, Some(Err(NoCredentials::BrokenOff)));
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
async fn a_refresh_looks_credentials_up_once_a_minute() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new(|n| Ok(credentials(n, None)));
    let cache = cache(&provider, &clock);
    for _ in 0..60 {
        assert_eq!(cache.refresh(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(provider.asked(), 1);
    assert_eq!(cache.refresh(key_id).await, Ok("key-1".to_owned()));
}

#[tokio::test]
async fn a_refresh_that_failed_fails_again_within_a_minute_without_a_lookup() {
    let clock = ManualClock::new();
    let provider = ProvideBy::new(|n| match n {
        1 => Err(CredentialsError::provider_error("out of order")),
        _ => Ok(credentials(n, None)),
    });
    let cache = cache(&provider, &clock);
    assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
    for _ in 0..60 {
        let error = cache.refresh(key_id).await.expect_err("out of order");
        assert!(matches!(error, NoCredentials::Failed(_)), "{error}");
        assert_eq!(cache.get(key_id).await, Ok("key-0".to_owned()));
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(provider.asked(), 2);
    assert_eq!(cache.refresh(key_id).await, Ok("key-2".to_owned()));
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
            aws_credential_types::provider::future::ProvideCredentials::new(std::future::pending())
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
