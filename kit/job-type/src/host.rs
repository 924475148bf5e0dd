//! The host as a plugin sees it: the contract's four imports as one trait.
//!
//! Code that takes a `&dyn Host` runs natively, so that its tests need no component.

use std::fmt;
use std::ops::Deref;

use crate::contract::aws_signing::{Credentials, Error as SigningError, Scope};
use crate::contract::http::{Error as HttpError, Request, Response};
use crate::contract::log::Level;

/// The longest time that a call leaves for its answer, in milliseconds.
const TIME_TO_ANSWER: u64 = 5_000;

/// The host during one call. Times are milliseconds since 1970-01-01T00:00:00Z.
pub trait Host {
    /// Sends one request and waits for the whole response.
    ///
    /// # Errors
    /// Where there is no complete response. A response with any status is not an error.
    fn send(&self, request: &Request) -> Result<Response, HttpError>;

    /// Sends many requests together. The results are in the order of the requests.
    fn send_all(&self, requests: &[Request]) -> Vec<Result<Response, HttpError>>;

    /// The credentials in use, with a key that signs within `scope`.
    ///
    /// # Errors
    /// Where the scope is not granted, or the host has no credentials.
    fn credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError>;

    /// As [`Host::credentials`], after the host has asked its source of credentials again. It does so
    /// once a minute at most; until then the answer is that of the last time, which may be an error.
    ///
    /// # Errors
    /// As for [`Host::credentials`].
    fn refresh_credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError>;

    /// The time, by the host's clock.
    fn now(&self) -> u64;

    /// When the host ends this call.
    fn deadline(&self) -> u64;

    /// How long before its deadline a call sends its last requests, in milliseconds, so that its answer
    /// comes in time: 5 seconds, or a tenth of the time that is left where that is less.
    fn time_to_answer(&self) -> u64 {
        let tenth = self.deadline().saturating_sub(self.now()) / 10;
        tenth.min(TIME_TO_ANSWER)
    }

    /// A random number from 0 to `max_milliseconds`, both included.
    fn jitter(&self, max_milliseconds: u64) -> u64;

    /// A random place in a list of so many; 0 where the list is empty. Where a call has no time for all of
    /// a list, it begins there, so that each call leaves another part of it.
    fn any_place(&self, count: usize) -> usize {
        let last = u64::try_from(count.saturating_sub(1)).unwrap_or(0);
        let place = usize::try_from(self.jitter(last)).unwrap_or(0);
        place.min(count)
    }

    /// Waits this long, or until the deadline if that comes first.
    fn sleep(&self, milliseconds: u64);

    /// Writes one line to the operator's log. The message must not contain a secret.
    fn log(&self, level: Level, message: &str);
}

/// Credentials whose `Debug` output shows neither the session token nor the signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningCredentials(Credentials);

impl From<Credentials> for SigningCredentials {
    fn from(credentials: Credentials) -> Self {
        Self(credentials)
    }
}

impl Deref for SigningCredentials {
    type Target = Credentials;

    fn deref(&self) -> &Credentials {
        &self.0
    }
}

impl fmt::Debug for SigningCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningCredentials")
            .field("access_key_id", &self.0.access_key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_credentials_shows_neither_key_nor_token() {
        let credentials = SigningCredentials::from(Credentials {
            access_key_id: "AKID".to_owned(),
            session_token: Some("TOKEN-MARKER".to_owned()),
            expires_at: None,
            signing_key: b"KEY-MARKER".to_vec(),
        });
        let debug = format!("{credentials:?}");
        assert!(debug.contains("AKID") && !debug.contains("MARKER") && !debug.contains("75, 69"));
    }
}
