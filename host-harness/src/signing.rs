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
