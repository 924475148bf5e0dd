//! The capability `aws-signing`: signing keys for the connection's region, never the secret.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::clock::{Clock, unix_milliseconds};
use crate::contract::v0_2::bindings::capabilities::aws_signing::{
    Credentials, Error, ErrorKind, Host, Scope,
};
use crate::credentials::cache::{Cached, CredentialCache};
use crate::credentials::no_credentials::NoCredentials;
use crate::credentials::signing_key::SigningKey;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// In bytes. No date, region or signing name is as long, and messages repeat them.
const LONGEST_PART: usize = 100;

/// The signing keys derived from one set of credentials, by date and service. There are at most
/// three dates at a time and few services, so the map stays small.
type Keys = BTreeMap<(String, String), SigningKey>;

/// Signing for the calls of one connection. Clones share the credentials and keys.
#[derive(Clone)]
pub(crate) struct SigningCapability(Arc<Signer>);

/// Derives signing keys from the credentials of one connection.
struct Signer {
    region: String,
    /// The signing names that are granted.
    services: BTreeSet<String>,
    clock: Arc<dyn Clock>,
    credentials: CredentialCache<Keys>,
}

impl SigningCapability {
    pub(crate) fn new(
        region: String,
        services: BTreeSet<String>,
        credentials: CredentialCache<Keys>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Signer {
            region,
            services,
            clock,
            credentials,
        }))
    }

    /// The AWS account of the credentials, if they say which. None where no service may use them: a host
    /// of another platform has no AWS configuration, and the lookup would take seconds to find that out.
    pub(crate) async fn account_id(&self) -> Option<String> {
        if self.0.services.is_empty() {
            return None;
        }
        let account = |cached: &mut Cached<Keys>| {
            let account = cached.credentials.account_id();
            account.map(|account| account.as_str().to_owned())
        };
        self.0.credentials.get(account).await.ok().flatten()
    }
}

impl Host for SigningCapability {
    async fn get(&mut self, scope: Scope) -> Result<Credentials, Error> {
        let signer = &*self.0;
        signer.check(&scope)?;
        let found = signer.credentials.get(|cached| signer.sign(cached, &scope));
        found.await.map_err(unavailable)
    }

    async fn refresh(&mut self, scope: Scope) -> Result<Credentials, Error> {
        let signer = &*self.0;
        signer.check(&scope)?;
        let found = signer
            .credentials
            .refresh(|cached| signer.sign(cached, &scope));
        found.await.map_err(unavailable)
    }
}

impl Signer {
    /// Why the plugin may not sign for a scope.
    fn check(&self, scope: &Scope) -> Result<(), Error> {
        let Scope {
            date,
            region,
            service,
        } = scope;
        if [date, region, service]
            .iter()
            .any(|part| part.len() > LONGEST_PART)
        {
            return Err(not_granted(format!(
                "signing is not granted for a date, region or service of more than {LONGEST_PART} \
                 bytes"
            )));
        }
        if !self.services.contains(service) {
            return Err(not_granted(format!(
                "signing for the service {service:?} is not granted; \
                 to allow it, grant `aws-signing` of `{service}`"
            )));
        }
        if *region != self.region {
            return Err(not_granted(format!(
                "signing for the region {region:?} is not granted, because the connection's \
                 is {:?}",
                self.region
            )));
        }
        let now = self.clock.now();
        let mut days = [Some(now), now.checked_sub(DAY), now.checked_add(DAY)]
            .into_iter()
            .flatten();
        if days.any(|day| utc_date(day).as_ref() == Some(date)) {
            return Ok(());
        }
        Err(not_granted(format!(
            "signing for the date {date:?} is not granted, because it is more than a day \
             from the host's, {:?}",
            utc_date(now).unwrap_or_default()
        )))
    }

    fn sign(&self, cached: &mut Cached<Keys>, scope: &Scope) -> Credentials {
        let credentials = &cached.credentials;
        let key = cached
            .derived
            .entry((scope.date.clone(), scope.service.clone()))
            .or_insert_with(|| {
                SigningKey::derive(
                    credentials.secret_access_key(),
                    &scope.date,
                    &self.region,
                    &scope.service,
                )
            });
        Credentials {
            access_key_id: credentials.access_key_id().to_owned(),
            session_token: credentials.session_token().map(str::to_owned),
            expires_at: credentials.expiry().map(unix_milliseconds),
            signing_key: key.as_bytes().to_vec(),
        }
    }
}

/// A time's date as `YYYYMMDD`; none for times outside of the years that have one.
fn utc_date(time: SystemTime) -> Option<String> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y%m%d").to_string())
}

fn not_granted(message: String) -> Error {
    Error {
        kind: ErrorKind::NotGranted,
        message,
    }
}

fn unavailable(error: NoCredentials) -> Error {
    Error {
        kind: ErrorKind::Unavailable,
        message: error.to_string(),
    }
}

impl fmt::Debug for SigningCapability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningCapability")
            .field("region", &self.0.region)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials as AwsCredentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_credential_types::provider::error::CredentialsError;

    use super::*;
    use crate::freed_memory::holds_after;
    use crate::testing::{ManualClock, ProvideBy};

    /// The secret of the examples in AWS's documentation of Signature Version 4.
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    fn found(_: usize) -> Result<AwsCredentials, CredentialsError> {
        Ok(AwsCredentials::new(
            "AKIDEXAMPLE",
            SECRET,
            Some("token".to_owned()),
            None,
            "test",
        ))
    }

    /// Signing for `iam` in `us-east-1` at 2015-08-30T12:36:00Z.
    fn capability(provider: SharedCredentialsProvider) -> SigningCapability {
        capability_for(&["iam"], provider)
    }

    fn capability_for(services: &[&str], provider: SharedCredentialsProvider) -> SigningCapability {
        let clock = ManualClock::new();
        let timeout = Duration::from_secs(30);
        let services = services.iter().copied().map(str::to_owned).collect();
        let cache = CredentialCache::new(provider, clock.clone(), timeout);
        SigningCapability::new("us-east-1".to_owned(), services, cache, clock)
    }

    fn scope(date: &str, region: &str, service: &str) -> Scope {
        Scope {
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        }
    }

    #[tokio::test]
    async fn the_key_is_that_of_the_example_in_the_documentation() {
        let mut signing = capability(ProvideBy::new(found).shared());
        let found = signing
            .get(scope("20150830", "us-east-1", "iam"))
            .await
            .expect("granted");
        assert_eq!(found.access_key_id, "AKIDEXAMPLE");
        assert_eq!(found.session_token.as_deref(), Some("token"));
        assert_eq!(found.expires_at, None);
        assert_eq!(
            hex::encode(found.signing_key),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
        );
    }

    #[test]
    fn nothing_that_is_derived_from_the_secret_is_left_in_freed_memory() {
        let key = hex::decode("c4afb1cc5771d871763a393e44b70357").expect("hexadecimal");
        for sought in [b"AWS4wJalrXUtnFEM", &key[..]] {
            let sought = sought.try_into().expect("16 bytes");
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            let left = holds_after(sought, || {
                let mut signing = capability(ProvideBy::new(found).shared());
                let got = runtime.block_on(signing.get(scope("20150830", "us-east-1", "iam")));
                // The engine copies this one into the plugin's memory, and frees it.
                std::mem::forget(got.expect("granted").signing_key);
            });
            assert!(!left, "{sought:02x?}");
        }
    }

    #[tokio::test]
    async fn dates_more_than_a_day_from_today_are_refused() {
        let mut signing = capability(ProvideBy::new(found).shared());
        for date in ["20150829", "20150830", "20150831"] {
            assert!(
                signing.get(scope(date, "us-east-1", "iam")).await.is_ok(),
                "{date}"
            );
        }
        for date in [
            "20150828",
            "20150901",
            "20160830",
            "2015083",
            "2015-08-30",
            "",
        ] {
            let error = signing
                .get(scope(date, "us-east-1", "iam"))
                .await
                .expect_err(date);
            assert_eq!(error.kind, ErrorKind::NotGranted, "{date}");
        }
    }

    #[tokio::test]
    async fn another_region_and_a_service_that_is_not_granted_are_refused() {
        let provider = ProvideBy::new(found);
        let mut signing = capability(provider.shared());
        for (region, service) in [("eu-west-1", "iam"), ("", "iam"), ("us-east-1", "s3")] {
            let scope = scope("20150830", region, service);
            let error = signing.get(scope.clone()).await.expect_err("not granted");
            assert_eq!(error.kind, ErrorKind::NotGranted, "{region} {service}");
            assert!(signing.refresh(scope).await.is_err());
        }
        assert_eq!(provider.asked(), 0);
    }

    #[tokio::test]
    async fn credentials_that_no_service_may_use_are_not_looked_up_for_their_account() {
        let of_account = |_| {
            let keys = AwsCredentials::builder()
                .access_key_id("AKIDEXAMPLE")
                .secret_access_key(SECRET)
                .account_id("123456789012")
                .provider_name("test");
            Ok(keys.build())
        };
        let provider = ProvideBy::new(of_account);
        let account = |services: &[&str]| {
            let signing = capability_for(services, provider.shared());
            async move { signing.account_id().await }
        };
        assert_eq!(account(&[]).await, None);
        assert_eq!(provider.asked(), 0);
        assert_eq!(account(&["iam"]).await.as_deref(), Some("123456789012"));
    }

    #[tokio::test]
    async fn a_scope_that_is_far_too_long_is_not_repeated() {
        let mut signing = capability(ProvideBy::new(found).shared());
        let long = "\u{1}".repeat(1 << 20);
        for scope in [
            scope(&long, "us-east-1", "iam"),
            scope("20150830", &long, "iam"),
            scope("20150830", "us-east-1", &long),
        ] {
            let error = signing.get(scope).await.expect_err("not granted");
            assert_eq!(error.kind, ErrorKind::NotGranted);
            assert!(error.message.len() < 1_000, "{} bytes", error.message.len());
        }
    }

    #[tokio::test]
    async fn another_date_gives_another_key_of_the_same_credentials() {
        let provider = ProvideBy::new(found);
        let mut signing = capability(provider.shared());
        let today = signing
            .get(scope("20150830", "us-east-1", "iam"))
            .await
            .expect("granted");
        let tomorrow = signing
            .get(scope("20150831", "us-east-1", "iam"))
            .await
            .expect("granted");
        assert_ne!(today.signing_key, tomorrow.signing_key);
        assert_eq!(provider.asked(), 1);
    }

    #[tokio::test]
    async fn missing_credentials_are_unavailable_and_the_message_has_no_detail_of_the_host() {
        let provider = ProvideBy::new(|_| Err(CredentialsError::not_loaded("no profile `x`")));
        let mut signing = capability(provider.shared());
        let scope = scope("20150830", "us-east-1", "iam");
        let error = signing.get(scope).await.expect_err("no credentials");
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert_eq!(
            error.message,
            "no credentials: the host's AWS configuration leads to none; the host's log says why"
        );
    }

    #[test]
    fn debug_output_never_shows_the_secret() {
        let shown = format!("{:?}", capability(ProvideBy::new(found).shared()));
        assert!(!shown.contains("wJalr"), "{shown}");
    }
}
