//! The credentials that the emulator accepts.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

use crate::api::operation::Operation;

/// Credentials that the emulator accepts, and the operations that their owner may not call.
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
    /// Long-lived credentials of the user `emulator`, who may call every operation.
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

    /// Sets the user's name, which is part of the caller's ARN.
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = name.into();
        self
    }

    /// Makes them temporary: requests must carry `token` in `X-Amz-Security-Token`.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(token.into());
        self
    }

    /// Refuses requests with `ExpiredTokenException` from `at` on.
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
