//! The capability `aws-signing`: signing keys for the connection's region, never the secret.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future,
};
use aws_sigv4::sign::v4::generate_signing_key;

use crate::call::CallState;
use crate::clock::{Clock, SystemClock, milliseconds};
use crate::contract::capabilities::aws_signing::{Credentials, Error, ErrorKind, Host, Scope};
use crate::credential_cache::{CredentialCache, Kept, NoCredentials};
use crate::grants::Grants;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The signing keys made of one set of credentials, by date and service. There are three dates at a
/// time and few services, so it stays small.
type Keys = BTreeMap<(String, String), Vec<u8>>;

/// Derives signing keys from the credentials of one connection.
pub(crate) struct Signer {
    region: String,
    clock: Arc<dyn Clock>,
    credentials: CredentialCache<Keys>,
}

impl Host for CallState {
    async fn get(&mut self, scope: Scope) -> Result<Credentials, Error> {
        let signer = &self.session.signer;
        let day = signer.check(&scope, &self.session.grants)?;
        let found = signer
            .credentials
            .get(|kept| signer.sign(kept, &scope, day));
        found.await.map_err(unavailable)
    }

    async fn refresh(&mut self, scope: Scope) -> Result<Credentials, Error> {
        let signer = &self.session.signer;
        let day = signer.check(&scope, &self.session.grants)?;
        let found = signer
            .credentials
            .refresh(|kept| signer.sign(kept, &scope, day));
        found.await.map_err(unavailable)
    }
}

impl Signer {
    pub(crate) fn new(
        provider: SharedCredentialsProvider,
        region: String,
        clock: Arc<dyn Clock>,
        timeout: Duration,
    ) -> Self {
        Self {
            region,
            clock: Arc::clone(&clock),
            credentials: CredentialCache::new(provider, clock, timeout),
        }
    }

    /// For calls that are for no connection.
    pub(crate) fn without_credentials() -> Self {
        let provider = SharedCredentialsProvider::new(Nothing);
        Self::new(provider, String::new(), Arc::new(SystemClock), DAY)
    }

    /// The day that a scope means, or why the plugin may not sign for it.
    fn check(&self, scope: &Scope, grants: &Grants) -> Result<SystemTime, Error> {
        let Scope {
            date,
            region,
            service,
        } = scope;
        if !grants.allows_signing(service) {
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
        [Some(now), now.checked_sub(DAY), now.checked_add(DAY)]
            .into_iter()
            .flatten()
            .find(|day| utc_date(*day).as_ref() == Some(date))
            .ok_or_else(|| {
                not_granted(format!(
                    "signing for the date {date:?} is not granted, because it is further than a \
                     day from {:?}, the host's",
                    utc_date(now).unwrap_or_default()
                ))
            })
    }

    fn sign(&self, kept: &mut Kept<Keys>, scope: &Scope, day: SystemTime) -> Credentials {
        let credentials = &kept.credentials;
        let key = kept
            .made
            .entry((scope.date.clone(), scope.service.clone()))
            .or_insert_with(|| {
                let secret = credentials.secret_access_key();
                generate_signing_key(secret, day, &self.region, &scope.service)
                    .as_ref()
                    .to_vec()
            });
        Credentials {
            access_key_id: credentials.access_key_id().to_owned(),
            session_token: credentials.session_token().map(str::to_owned),
            expires_at: credentials.expiry().map(milliseconds),
            signing_key: key.clone(),
        }
    }
}

/// `YYYYMMDD`, for times that have one.
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

/// A provider of no credentials.
#[derive(Debug)]
struct Nothing;

impl ProvideCredentials for Nothing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = CredentialsError::not_loaded("this call is for no connection");
        future::ProvideCredentials::ready(Err(error))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials as AwsCredentials;

    use super::*;
    use crate::limits::Limits;
    use crate::testing::{FindBy, ManualClock, call_state, no_network};

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

    fn state(provider: SharedCredentialsProvider, clock: Arc<ManualClock>) -> CallState {
        let grants = Grants::none().allow_signing("iam").expect("a grant");
        call_state(Limits::recommended(), grants, no_network(), provider, clock)
    }

    fn scope(date: &str, region: &str, service: &str) -> Scope {
        Scope {
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        }
    }

    #[tokio::test]
    async fn the_key_is_that_of_the_documentation_s_example() {
        let mut state = state(FindBy::new(found).shared(), ManualClock::new());
        let found = state
            .get(scope("20150830", "us-east-1", "iam"))
            .await
            .expect("granted");
        assert_eq!(found.access_key_id, "AKIDEXAMPLE");
        assert_eq!(found.session_token.as_deref(), Some("token"));
        assert_eq!(found.expires_at, None);
        let key: String = found
            .signing_key
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            key,
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
        );
    }

    #[tokio::test]
    async fn dates_further_than_a_day_are_refused() {
        let mut state = state(FindBy::new(found).shared(), ManualClock::new());
        for date in ["20150829", "20150830", "20150831"] {
            assert!(
                state.get(scope(date, "us-east-1", "iam")).await.is_ok(),
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
            let error = state
                .get(scope(date, "us-east-1", "iam"))
                .await
                .expect_err(date);
            assert_eq!(error.kind, ErrorKind::NotGranted, "{date}");
        }
    }

    #[tokio::test]
    async fn another_region_and_a_service_that_is_not_granted_are_refused() {
        let provider = FindBy::new(found);
        let mut state = state(provider.shared(), ManualClock::new());
        for (region, service) in [("eu-west-1", "iam"), ("", "iam"), ("us-east-1", "s3")] {
            let scope = scope("20150830", region, service);
            let error = state.get(scope.clone()).await.expect_err("not granted");
            assert_eq!(error.kind, ErrorKind::NotGranted, "{region} {service}");
            assert!(state.refresh(scope).await.is_err());
        }
        assert_eq!(provider.asked(), 0);
    }

    #[tokio::test]
    async fn another_date_gives_another_key_of_the_same_credentials() {
        let provider = FindBy::new(found);
        let mut state = state(provider.shared(), ManualClock::new());
        let today = state
            .get(scope("20150830", "us-east-1", "iam"))
            .await
            .expect("granted");
        let tomorrow = state
            .get(scope("20150831", "us-east-1", "iam"))
            .await
            .expect("granted");
        assert_ne!(today.signing_key, tomorrow.signing_key);
        assert_eq!(provider.asked(), 1);
    }

    #[tokio::test]
    async fn missing_credentials_are_unavailable_and_say_where_to_look() {
        let provider = FindBy::new(|_| Err(CredentialsError::not_loaded("no profile `x`")));
        let mut state = state(provider.shared(), ManualClock::new());
        let scope = scope("20150830", "us-east-1", "iam");
        let error = state.get(scope).await.expect_err("no credentials");
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert!(
            error.message.contains("no profile `x`"),
            "{}",
            error.message
        );
        assert!(
            error
                .message
                .ends_with("check the AWS configuration of the host")
        );
    }

    #[tokio::test]
    async fn nothing_shows_the_secret() {
        let state = state(FindBy::new(found).shared(), ManualClock::new());
        let access = crate::Access::new(Grants::none(), FindBy::new(found).shared());
        let shown = format!("{:?} {access:?}", state.session.signer);
        assert!(!shown.contains("wJalr"), "{shown}");
    }
}
