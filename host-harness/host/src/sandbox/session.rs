//! What all calls of one connection share.

use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use crate::access::Access;
use crate::access::grants::Grants;
use crate::capabilities::aws_signing::SigningCapability;
use crate::clock::Clock;
use crate::credentials::cache::CredentialCache;
use crate::egress::exchange::Egress;
use crate::egress::transport::HttpClient;
use crate::limits::Limits;
use crate::limits::memory::SharedMemory;
use crate::sandbox::places::Share;

/// What all calls of one connection share.
pub(crate) struct Session {
    pub(crate) limits: Arc<Limits>,
    /// What all calls of the host share.
    pub(crate) memory: Arc<SharedMemory>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) egress: Arc<Egress>,
    pub(crate) signing: SigningCapability,
    /// The connection's part of the host's places.
    pub(crate) places: Share,
}

impl Session {
    /// A session for a connection in `region`; `http` is the host's client.
    pub(crate) fn new(
        limits: &Arc<Limits>,
        memory: &Arc<SharedMemory>,
        http: &Arc<dyn HttpClient>,
        region: String,
        access: Access,
    ) -> Self {
        let (origins, services) = access.grants.into_parts();
        let client = access.http.unwrap_or_else(|| Arc::clone(http));
        let clock = access.clock;
        let credentials = CredentialCache::new(
            access.credentials,
            Arc::clone(&clock),
            limits.credentials_timeout,
        );
        Self {
            egress: Arc::new(Egress::new(client, origins, Arc::clone(limits))),
            signing: SigningCapability::new(region, services, credentials, Arc::clone(&clock)),
            places: Share::new(limits.concurrent_calls, limits.connection_share_percent),
            limits: Arc::clone(limits),
            memory: Arc::clone(memory),
            clock,
        }
    }

    /// A session without a connection, in which nothing is granted.
    pub(crate) fn without_connection(
        limits: &Arc<Limits>,
        memory: &Arc<SharedMemory>,
        http: &Arc<dyn HttpClient>,
    ) -> Self {
        let provider = SharedCredentialsProvider::new(NoCredentials);
        let access = Access::new(Grants::none(), provider);
        Self::new(limits, memory, http, String::new(), access)
    }
}

/// Provides no credentials.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = CredentialsError::not_loaded("this call has no connection");
        future::ProvideCredentials::ready(Err(error))
    }
}
