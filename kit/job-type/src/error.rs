//! Constructors of the contract's error.

use std::borrow::Cow;

use crate::contract::{Error, ErrorClass};

impl Error {
    /// An error with a code of the plugin's own, which is not retryable.
    pub fn new(
        class: ErrorClass,
        code: &str,
        message: impl Into<String>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            class,
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into().into_owned(),
            retryable: false,
            request_id: None,
            details: Vec::new(),
        }
    }

    /// The job, connection or run is not as it should be.
    pub fn invalid(
        code: &str,
        message: impl Into<String>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(ErrorClass::Invalid, code, message, hint)
    }

    /// The platform does not offer this call: `discover`, for example.
    pub fn unsupported(call: &str) -> Self {
        Self::new(
            ErrorClass::Unsupported,
            "Unsupported",
            format!("the platform does not offer {call}"),
            "",
        )
    }

    /// The call ended before this was asked. Later it works.
    pub fn no_time_left(what: &str) -> Self {
        Self::new(
            ErrorClass::Unavailable,
            "NoTimeLeft",
            format!("the call ended before {what} was asked"),
            "Ask again, for fewer at once if it goes on.",
        )
        .retryable()
    }

    /// The same error, marked as one that may pass without anybody changing anything.
    #[must_use]
    pub fn retryable(self) -> Self {
        Self {
            retryable: true,
            ..self
        }
    }

    /// Code and message in one line, for logs and notes. The generated `Display` shows every field.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.code, self.message)
    }
}
