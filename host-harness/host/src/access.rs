//! What one connection may reach, and with whose credentials.

pub(crate) mod grants;
pub(crate) mod request;
pub(crate) mod requests;
mod signing_name;

use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;

use crate::access::grants::Grants;
use crate::clock::{Clock, SystemClock};
use crate::egress::transport::HttpClient;

/// What the calls of one connection may reach, and with whose credentials.
#[derive(Clone)]
pub struct Access {
    pub(crate) grants: Grants,
    pub(crate) credentials: SharedCredentialsProvider,
    /// The host's own client if none.
    pub(crate) http: Option<Arc<dyn HttpClient>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Access {
    /// Access by the host's own HTTP client, with the system's clock.
    ///
    /// The host asks `credentials` again before the credentials expire, or every 15 minutes if they
    /// don't expire, and once a minute at most when the platform has refused them. A failure counts
    /// for ten seconds. While there are credentials that are valid, no call waits for a lookup.
    #[must_use]
    pub fn new(grants: Grants, credentials: SharedCredentialsProvider) -> Self {
        Self {
            grants,
            credentials,
            http: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Sends requests with this client instead of the host's.
    #[must_use]
    pub fn with_http_client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.http = Some(client);
        self
    }

    /// Takes time and randomness from this clock instead of the system's.
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

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;

    use super::*;

    #[test]
    fn debug_output_never_shows_the_secret() {
        let credentials = Credentials::new("AKIDEXAMPLE", "the-secret", None, None, "test");
        let provider = SharedCredentialsProvider::new(credentials);
        let access = Access::new(Grants::none(), provider);
        let shown = format!("{access:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}
