//! The errors of a call to a service.

use job_type_kit::contract::aws_signing::Error as SigningError;
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};

/// The service's own refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// Without namespace and URL, for example `ValidationException`. Where the answer has no code,
    /// the HTTP status, as `HTTP 503`.
    pub code: String,
    /// The service's own message; may be empty.
    pub message: String,
    /// The HTTP status. It matters only where the code is not known.
    pub status: u16,
    /// AWS's id of the request, for its support.
    pub request_id: Option<String>,
    /// How long the service asks to wait before a retry, where it does.
    pub retry_after_milliseconds: Option<u64>,
    /// When the service made the answer, by its own clock, in milliseconds since 1970.
    pub date: Option<u64>,
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The service refused.
    #[error("{}: {}", .0.code, .0.message)]
    Service(ServiceError),
    /// There was no response.
    #[error("{}", .0.message)]
    Transport(HttpError),
    /// There was a response of success that does not hold what it should.
    #[error("the answer to {operation} can't be understood: {reason}")]
    Garbled {
        /// The operation's name.
        operation: &'static str,
        /// What is wrong with it.
        reason: String,
        /// AWS's id of the request.
        request_id: Option<String>,
    },
    /// The host gave no credentials to sign with.
    #[error("{}", .0.message)]
    Credentials(SigningError),
    /// The call's time, or the requests that it may send, were used up before the first attempt.
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
