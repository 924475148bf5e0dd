//! What the host is told when a call fails.

use crate::job::Attribute;

/// What kind of trouble it is, for a host that has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// The job, connection or run is not as it should be.
    Invalid,
    /// Credentials, permissions or grants are missing.
    Denied,
    /// The job or run doesn't exist.
    NotFound,
    /// Not in the present state of the job or run.
    Conflict,
    /// A quota is used up.
    Limit,
    /// Too many requests.
    Throttled,
    /// The platform or the way to it fails at present.
    Unavailable,
    /// Not offered by the platform.
    Unsupported,
    /// Anything else.
    Other,
}

/// Why a call failed, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Error {
    /// For decisions.
    pub class: ErrorClass,
    /// The platform's own code where it gave one, else one of ours.
    pub code: String,
    /// What happened, in the platform's own words where it gave any.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The platform's id of the request.
    pub request_id: Option<String>,
    /// More facts.
    pub details: Vec<Attribute>,
}

impl Error {
    /// The job, connection or run is not as it should be: `code` is ours.
    pub fn invalid(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            class: ErrorClass::Invalid,
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into(),
            retryable: false,
            request_id: None,
            details: Vec::new(),
        }
    }
}
