//! What a call to AWS can end in, beside its answer.

use crate::host::{HttpError, HttpErrorKind, SigningError};

/// The service's own refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// Without prefix and tail, for example `ValidationException`. Where the answer held none, the
    /// HTTP status in words: `HTTP 503`.
    pub code: String,
    /// In the service's words; may be empty.
    pub message: String,
    /// The HTTP status. The code decides, where there is one.
    pub status: u16,
    /// AWS's id of the request, for its support.
    pub request_id: Option<String>,
    /// How long the service asks to wait before a retry.
    pub retry_after_milliseconds: Option<u64>,
    /// When the service made the answer, by its own clock.
    pub date: Option<u64>,
}

/// Why a call gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The service said no.
    #[error("{}: {}", .0.code, .0.message)]
    Service(ServiceError),
    /// There was no response.
    #[error("{}", .0.message)]
    Transport(HttpError),
    /// There was one, with a status of success, that doesn't hold what it should.
    #[error("the answer to {operation} can't be understood: {reason}")]
    Garbled {
        /// The operation's name.
        operation: &'static str,
        /// What is wrong with it.
        reason: String,
        /// AWS's id of the request.
        request_id: Option<String>,
    },
    /// There was nothing to sign with.
    #[error("{}", .0.message)]
    Credentials(SigningError),
    /// Time ran out before the first attempt.
    #[error("the time for this call was up before {operation} could be sent")]
    Deadline {
        /// The operation's name.
        operation: &'static str,
    },
}

impl CallError {
    /// The service's code, where the service answered.
    pub fn service_code(&self) -> Option<&str> {
        match self {
            Self::Service(error) => Some(&error.code),
            _ => None,
        }
    }

    /// How long the service asks to wait before the next request, in milliseconds.
    pub fn retry_after_milliseconds(&self) -> Option<u64> {
        match self {
            Self::Service(error) => error.retry_after_milliseconds,
            _ => None,
        }
    }

    /// Whether the response was more than the host takes.
    pub fn is_body_too_large(&self) -> bool {
        matches!(self, Self::Transport(error) if error.kind == HttpErrorKind::BodyTooLarge)
    }
}
