//! The accounts that may call the emulator.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

use crate::operation::Operation;

/// Credentials the emulator accepts, and what their owner may not do.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) user: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) expires: Option<SystemTime>,
    pub(crate) denied: BTreeSet<Operation>,
}

impl Credentials {
    /// Long-lived credentials of the user `emulator`, who may do everything.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            user: "emulator".to_owned(),
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
            expires: None,
            denied: BTreeSet::new(),
        }
    }

    /// The name that stands in the caller's ARN.
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = name.into();
        self
    }

    /// Makes them temporary: requests must carry `token` in `X-Amz-Security-Token`.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(token.into());
        self
    }

    /// From `at` on, requests are refused with `ExpiredTokenException`.
    pub fn expires(mut self, at: SystemTime) -> Self {
        self.expires = Some(at);
        self
    }

    /// Refuses `operation` with `AccessDeniedException`.
    pub fn denied(mut self, operation: Operation) -> Self {
        self.denied.insert(operation);
        self
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .field("access_key_id", &self.access_key_id)
            .field("expires", &self.expires)
            .field("denied", &self.denied)
            .finish_non_exhaustive()
    }
}
