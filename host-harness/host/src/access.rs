//! What a connection may reach, and with whose credentials.

use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;

use crate::clock::{Clock, SystemClock};
use crate::grants::Grants;
use crate::transport::HttpClient;

/// What the calls of one connection may reach, and with whose credentials.
#[derive(Clone)]
pub struct Access {
    pub(crate) grants: Grants,
    pub(crate) credentials: SharedCredentialsProvider,
    pub(crate) http: Option<Arc<dyn HttpClient>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Access {
    /// With the host's own HTTP client and the system's clock.
    #[must_use]
    pub fn new(grants: Grants, credentials: SharedCredentialsProvider) -> Self {
        Self {
            grants,
            credentials,
            http: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Sends with this client instead of the host's.
    #[must_use]
    pub fn with_http_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.http = Some(client);
        self
    }

    /// Tells the time by this clock instead of the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("grants", &self.grants)
            .finish_non_exhaustive()
    }
}
