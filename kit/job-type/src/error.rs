//! Constructors of the contract's error.

use std::borrow::Cow;

use crate::contract::{Attribute, Error, ErrorClass};
use crate::finding_code::Problem;

/// The name of a detail: the contract's.
const CANDIDATE_RUN_ID: &str = "candidate-run-id";

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

    /// An external id that is none, for a call that needs one: code `InvalidExternalId`.
    pub fn invalid_external_id(text: &str, wrong: &Problem, hint: &'static str) -> Self {
        let message = format!("the External Id {text:?} {}", wrong.message);
        Self::invalid("InvalidExternalId", message, hint)
    }

    /// It may have been done, and doing it again may do it twice: a start whose answer is lost, on a
    /// platform that doesn't recognise a repetition. `candidates` are the ids of the runs that may be the
    /// one that was asked for, as far as the platform tells; the hint says how to find out.
    pub fn uncertain(
        code: &str,
        message: impl Into<String>,
        candidates: impl IntoIterator<Item = String>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        let candidates = candidates.into_iter();
        Self {
            details: candidates
                .map(|run_id| Attribute::new(CANDIDATE_RUN_ID, run_id))
                .collect(),
            ..Self::new(ErrorClass::Uncertain, code, message, hint)
        }
    }

    /// The job type does not offer this call: `discover`, for example.
    pub fn unsupported(call: &str) -> Self {
        Self::new(
            ErrorClass::Unsupported,
            "Unsupported",
            format!("the job type does not offer {call}"),
            "",
        )
    }

    /// There was no time left to read a run's status. Later it works.
    pub fn no_time_for_status() -> Self {
        Self::no_time_left("the run's status")
    }

    /// There was no time left for this in the call. Later it works.
    pub fn no_time_left(what: &str) -> Self {
        Self::new(
            ErrorClass::Unavailable,
            "NoTimeLeft",
            format!("there was no time left to read {what}"),
            "Ask again, and for less at once if it happens again.",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uncertain_error_names_the_runs_that_may_be_it_and_is_not_retryable() {
        let candidates = ["run-1", "run-2"].map(str::to_owned);
        let error = Error::uncertain("AnswerLost", "no answer came", candidates, "Look for it.");
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::Uncertain, false)
        );
        assert_eq!(
            error.details,
            [
                Attribute::new("candidate-run-id", "run-1"),
                Attribute::new("candidate-run-id", "run-2"),
            ]
        );
        assert_eq!(error.summary(), "AnswerLost: no answer came");
    }
}
