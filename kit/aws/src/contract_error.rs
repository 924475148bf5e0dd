//! Turns the error of a call into the contract's error: its class, its hint, and whether trying
//! again can help.

use job_type_kit::contract::aws_signing::{Error as SigningError, ErrorKind as SigningErrorKind};
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};
use job_type_kit::contract::{Error, ErrorClass};

use crate::error::{CallError, ServiceError};
use crate::error_class::error_class;
use crate::hints;
use crate::service::Service;

impl Service {
    /// The contract's error for a failure of an operation.
    pub fn contract_error(&self, operation: &str, error: CallError) -> Error {
        match error {
            CallError::Service(error) => self.refusal(operation, error),
            CallError::Transport(error) => self.no_response(operation, error),
            CallError::Garbled { ref request_id, .. } => Error {
                request_id: request_id.clone(),
                ..Error::new(
                    ErrorClass::Other,
                    "UnreadableResponse",
                    error.to_string(),
                    format!(
                        "Something between the host and {} (a proxy, a sign-in page, a wrong \
                         endpoint) may have answered in its place. Check the connection's endpoint \
                         and the network.",
                        self.name
                    ),
                )
                .retryable()
            },
            CallError::Credentials(error) => self.no_credentials(error),
            CallError::Deadline { .. } => Error::new(
                ErrorClass::Unavailable,
                "DeadlineExceeded",
                error.to_string(),
                "Try again; if it happens a lot, have the host give calls more time.",
            )
            .retryable(),
        }
    }

    /// The contract's error for an answer that lacks a member it must have.
    pub fn missing_member(&self, operation: &str, member: &str) -> Error {
        Error::new(
            ErrorClass::Other,
            "UnreadableResponse",
            format!("the answer to {operation} has no {member}"),
            format!(
                "Something between the host and {} may have answered in its place. {}",
                self.name,
                self.lost_answer_to(operation)
            ),
        )
        .retryable()
    }

    /// Whether the service may have carried out what it was asked to do, though this is all that came
    /// back: an answer that is lost or can't be read, or a failure within the service.
    pub fn may_have_carried_out(&self, error: &CallError) -> bool {
        match error {
            CallError::Service(error) => {
                error.status == 408 || error_class(self, error) == ErrorClass::Unavailable
            }
            CallError::Transport(error) => match error.kind {
                HttpErrorKind::Timeout | HttpErrorKind::Protocol | HttpErrorKind::BodyTooLarge => {
                    true
                }
                HttpErrorKind::Denied | HttpErrorKind::Connect | HttpErrorKind::Tls => false,
            },
            CallError::Garbled { .. } => true,
            CallError::Credentials(_) | CallError::Deadline { .. } => false,
        }
    }

    /// What to do after an answer was lost. AWS names the operations that change nothing by these
    /// verbs.
    fn lost_answer_to(&self, operation: &str) -> &'static str {
        let changes_nothing = ["Describe", "Filter", "Get", "List"]
            .iter()
            .any(|verb| operation.starts_with(verb));
        if changes_nothing {
            "Try again."
        } else {
            self.lost_answer
        }
    }

    fn refusal(&self, operation: &str, error: ServiceError) -> Error {
        let class = error_class(self, &error);
        let retryable = match class {
            ErrorClass::Throttled | ErrorClass::Unavailable => true,
            // A token that belongs to another request stays with it.
            ErrorClass::Conflict => !error.code.starts_with("IdempotentParameterMismatch"),
            // Somebody else than the host's user renews an expired token in most cases.
            ErrorClass::Denied => error.code.starts_with("ExpiredToken"),
            _ => false,
        };
        let message = if error.message.is_empty() {
            format!("{} answered {operation} with {}", self.name, error.code)
        } else {
            error.message
        };
        Error {
            class,
            hint: hints::hint(self, class, operation, &error.code, &message).into_owned(),
            code: error.code,
            message,
            retryable,
            request_id: error.request_id,
            details: Vec::new(),
        }
    }

    fn no_credentials(&self, error: SigningError) -> Error {
        match error.kind {
            SigningErrorKind::NotGranted => Error::new(
                ErrorClass::Denied,
                "SigningNotGranted",
                error.message,
                format!(
                    "The host does not let this plugin sign for {} in this region; an operator has \
                     to grant it.",
                    self.name
                ),
            ),
            SigningErrorKind::Unavailable => Error::new(
                ErrorClass::Denied,
                "NoCredentials",
                error.message,
                "The host has no AWS credentials for this connection. Check the platform's \
                 authentication, or sign in again.",
            )
            .retryable(),
        }
    }

    fn no_response(&self, operation: &str, error: HttpError) -> Error {
        let lost_answer = self.lost_answer_to(operation);
        let new = |class, code, hint: String| Error::new(class, code, error.message.clone(), hint);
        match error.kind {
            HttpErrorKind::Denied => new(
                ErrorClass::Denied,
                "RequestNotGranted",
                "The host does not let this plugin reach the endpoint; an operator has to grant it."
                    .to_owned(),
            ),
            HttpErrorKind::Timeout => new(
                ErrorClass::Unavailable,
                "Timeout",
                format!("No answer came in time. {lost_answer}"),
            )
            .retryable(),
            HttpErrorKind::Connect => new(
                ErrorClass::Unavailable,
                "ConnectionFailed",
                "The endpoint can't be reached. Check the region's spelling, the endpoint override, \
                 and that the network lets the host out."
                    .to_owned(),
            )
            .retryable(),
            HttpErrorKind::Tls => new(
                ErrorClass::Unavailable,
                "TlsFailed",
                "The host does not trust the endpoint's certificate. Check the endpoint override, \
                 and whether a proxy intercepts TLS."
                    .to_owned(),
            ),
            HttpErrorKind::BodyTooLarge => new(
                ErrorClass::Limit,
                "ResponseTooLarge",
                "The answer is larger than the host takes; an operator can raise that limit."
                    .to_owned(),
            ),
            HttpErrorKind::Protocol => new(
                ErrorClass::Unavailable,
                "IncompleteResponse",
                format!("The answer broke off or was not HTTP. {lost_answer}"),
            )
            .retryable(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ECHO;

    fn refusal(operation: &str, code: &str, status: u16) -> Error {
        let error = ServiceError {
            code: code.to_owned(),
            message: "why".to_owned(),
            status,
            request_id: Some("id".to_owned()),
            retry_after_milliseconds: None,
            date: None,
        };
        ECHO.contract_error(operation, CallError::Service(error))
    }

    #[test]
    fn each_code_has_its_class_and_says_whether_a_retry_can_help() {
        for (code, status, class, retryable) in [
            ("ValidationException", 400, ErrorClass::Invalid, false),
            ("AccessDeniedException", 400, ErrorClass::Denied, false),
            ("ExpiredTokenException", 400, ErrorClass::Denied, true),
            (
                "UnrecognizedClientException",
                403,
                ErrorClass::Denied,
                false,
            ),
            ("InvalidSignatureException", 403, ErrorClass::Denied, false),
            (
                "ResourceNotFoundException",
                400,
                ErrorClass::NotFound,
                false,
            ),
            ("TooManyEchoes", 400, ErrorClass::Limit, false),
            ("ConflictException", 400, ErrorClass::Conflict, true),
            (
                "IdempotentParameterMismatch",
                400,
                ErrorClass::Conflict,
                false,
            ),
            (
                "IdempotentParameterMismatchException",
                400,
                ErrorClass::Conflict,
                false,
            ),
            ("ThrottlingException", 400, ErrorClass::Throttled, true),
            ("HTTP 429", 429, ErrorClass::Throttled, true),
            ("InternalFailure", 500, ErrorClass::Unavailable, true),
            ("HTTP 501", 501, ErrorClass::Unavailable, true),
            ("HTTP 403", 403, ErrorClass::Denied, false),
            ("SomethingNew", 400, ErrorClass::Other, false),
        ] {
            let error = refusal("Ping", code, status);
            assert_eq!((error.class, error.retryable), (class, retryable), "{code}");
            assert_eq!((error.code.as_str(), error.message.as_str()), (code, "why"));
            assert_eq!(error.request_id.as_deref(), Some("id"));
        }
    }

    #[test]
    fn the_hints_of_the_service_come_before_those_of_all_services() {
        let hint = |operation| refusal(operation, "ValidationException", 400).hint;
        assert_eq!(hint("Shout"), "Shout louder.");
        assert!(hint("Ping").starts_with("Echo does not accept"));
    }

    #[test]
    fn a_denied_operation_names_the_permission_that_is_missing() {
        let error = refusal("Ping", "AccessDeniedException", 400);
        assert!(error.hint.contains("echo:Ping"), "{}", error.hint);
    }

    #[test]
    fn an_explicit_deny_is_not_said_to_be_a_missing_permission() {
        let error = ServiceError {
            code: "AccessDeniedException".to_owned(),
            message: "User: u is not authorized to perform: echo:Shout on resource: r with an \
                      explicit deny in a service control policy"
                .to_owned(),
            status: 400,
            request_id: None,
            retry_after_milliseconds: None,
            date: None,
        };
        for operation in ["Ping", "Shout"] {
            let hint = ECHO
                .contract_error(operation, CallError::Service(error.clone()))
                .hint;
            assert!(hint.contains("denies it explicitly"), "{hint}");
        }
    }

    #[test]
    fn a_region_that_is_not_the_endpoints_is_not_said_to_be_a_wrong_key() {
        let error = ServiceError {
            code: "InvalidSignatureException".to_owned(),
            message: "Credential should be scoped to a valid region, not 'eu-west-1'.".to_owned(),
            status: 400,
            request_id: None,
            retry_after_milliseconds: None,
            date: None,
        };
        let hint = ECHO.contract_error("Ping", CallError::Service(error)).hint;
        assert!(hint.contains("another region"), "{hint}");
    }

    #[test]
    fn every_code_has_a_hint_even_one_that_is_not_known() {
        for code in ["SomethingNew", "HTTP 400"] {
            let hint = refusal("Ping", code, 400).hint;
            assert!(!hint.is_empty(), "{code}");
        }
        for code in [
            "NotAuthorized",
            "ValidationError",
            "SerializationException",
            "ResourceNotFoundException",
            "TooManyEchoes",
        ] {
            let hint = refusal("Ping", code, 400).hint;
            assert!(!hint.contains("does not know"), "{code}: {hint}");
        }
        assert_eq!(
            refusal("Ping", "NotAuthorized", 400).class,
            ErrorClass::Denied
        );
    }

    #[test]
    fn a_lost_answer_to_a_read_does_not_speak_of_what_may_have_been_done() {
        for operation in ["ListEchoes", "DescribeEcho", "GetEcho"] {
            for kind in [HttpErrorKind::Timeout, HttpErrorKind::Protocol] {
                let error = CallError::Transport(HttpError {
                    kind,
                    message: "m".to_owned(),
                });
                let error = ECHO.contract_error(operation, error);
                assert!(error.hint.ends_with("Try again."), "{}", error.hint);
                assert!(!error.hint.contains(ECHO.lost_answer));
            }
        }
    }

    #[test]
    fn a_call_without_a_response_has_a_hint_too() {
        use HttpErrorKind::{BodyTooLarge, Connect, Denied, Protocol, Timeout, Tls};
        for kind in [Denied, Timeout, Connect, Tls, BodyTooLarge, Protocol] {
            let error = CallError::Transport(HttpError {
                kind,
                message: "m".to_owned(),
            });
            let error = ECHO.contract_error("Ping", error);
            assert!(!error.hint.is_empty() && error.message == "m", "{kind:?}");
            let may_be_done = matches!(kind, Timeout | Protocol);
            assert_eq!(error.hint.contains(ECHO.lost_answer), may_be_done);
        }
    }

    #[test]
    fn missing_credentials_are_retryable_and_a_missing_grant_is_not() {
        for (kind, retryable) in [
            (SigningErrorKind::NotGranted, false),
            (SigningErrorKind::Unavailable, true),
        ] {
            let error = CallError::Credentials(SigningError {
                kind,
                message: "m".to_owned(),
            });
            let error = ECHO.contract_error("Ping", error);
            assert_eq!(
                (error.class, error.retryable),
                (ErrorClass::Denied, retryable)
            );
            assert!(!error.hint.is_empty());
        }
    }
}
