//! From what a call to SageMaker ended in to what the host is told: class, hint, and whether trying
//! again can help.

use super::hint;
use crate::aws::client::Operation;
use crate::aws::error::{CallError, ServiceError};
use crate::aws::retry::{self, Retryability};
use crate::error::{Error, ErrorClass};
use crate::host::HttpErrorKind;
use crate::job::Finding;

/// What the host is told when operation `O` failed.
pub fn of<O: Operation>(error: CallError) -> Error {
    of_operation(O::NAME, error)
}

fn of_operation(operation: &'static str, error: CallError) -> Error {
    match error {
        CallError::Service(error) => of_service(operation, error),
        CallError::Transport(error) => of_transport(error.kind, error.message),
        CallError::Garbled { ref request_id, .. } => Error {
            request_id: request_id.clone(),
            ..ours(
                ErrorClass::Other,
                "UnreadableResponse",
                error.to_string(),
                "Something between the host and SageMaker (a proxy, a sign-in page, a wrong \
                 endpoint) may have answered in its place. Check the connection's endpoint and \
                 the network.",
                true,
            )
        },
        CallError::Credentials(error) if error.not_granted => ours(
            ErrorClass::Denied,
            "SigningNotGranted",
            error.message,
            "The host doesn't let this plugin sign for SageMaker in this region; an operator has \
             to grant it.",
            false,
        ),
        CallError::Credentials(error) => ours(
            ErrorClass::Denied,
            "NoCredentials",
            error.message,
            "The host has no AWS credentials for this connection. Check the platform's \
             authentication, or sign in again.",
            true,
        ),
        CallError::Deadline { .. } => ours(
            ErrorClass::Unavailable,
            "DeadlineExceeded",
            error.to_string(),
            "Try again; if it happens a lot, have the host give calls more time.",
            true,
        ),
    }
}

fn of_service(operation: &str, error: ServiceError) -> Error {
    let class = class(&error);
    let hint = match class {
        ErrorClass::Throttled => hint::THROTTLED.to_owned(),
        ErrorClass::Unavailable => hint::UNAVAILABLE.to_owned(),
        _ => hint::for_code(operation, &error.code),
    };
    let message = if error.message.is_empty() {
        format!("SageMaker answered {operation} with {}", error.code)
    } else {
        error.message
    };
    let retryable = match class {
        ErrorClass::Throttled | ErrorClass::Unavailable => true,
        // A token that expires is mostly renewed by somebody else than the host's user.
        ErrorClass::Denied => error.code.starts_with("ExpiredToken"),
        ErrorClass::Conflict => operation != "StartPipelineExecution",
        _ => false,
    };
    Error {
        class,
        code: error.code,
        message,
        hint,
        retryable,
        request_id: error.request_id,
        details: Vec::new(),
    }
}

fn class(error: &ServiceError) -> ErrorClass {
    match error.code.as_str() {
        "ValidationException"
        | "ValidationError"
        | "SerializationException"
        | "InvalidParameterValue" => ErrorClass::Invalid,
        "ResourceNotFound" | "ResourceNotFoundException" => ErrorClass::NotFound,
        "ConflictException" | "ResourceInUse" => ErrorClass::Conflict,
        "ResourceLimitExceeded" => ErrorClass::Limit,
        "UnknownOperationException" => ErrorClass::Unsupported,
        "UnauthorizedOperation"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "RequestTimeTooSkewed"
        | "AuthFailure"
        | "RequestExpired"
        | "OptInRequired"
        | "SubscriptionRequiredException" => ErrorClass::Denied,
        code if ["AccessDenied", "ExpiredToken", "MissingAuthenticationToken"]
            .iter()
            .any(|family| code.starts_with(family)) =>
        {
            ErrorClass::Denied
        }
        _ => {
            // The time has no part in this: the codes for clock skew are dealt with above.
            match retry::classify(&CallError::Service(error.clone()), 0) {
                Retryability::Throttled => ErrorClass::Throttled,
                Retryability::Transient => ErrorClass::Unavailable,
                _ => match error.status {
                    401 | 403 | 407 => ErrorClass::Denied,
                    500.. => ErrorClass::Unavailable,
                    _ => ErrorClass::Other,
                },
            }
        }
    }
}

fn of_transport(kind: HttpErrorKind, message: String) -> Error {
    let (class, code, hint, retryable) = match kind {
        HttpErrorKind::Denied => (
            ErrorClass::Denied,
            "RequestNotGranted",
            "The host doesn't let this plugin reach the endpoint; an operator has to grant it.",
            false,
        ),
        HttpErrorKind::Timeout => (
            ErrorClass::Unavailable,
            "Timeout",
            "No answer came in time. Try again; a start repeated under the same GUID starts no \
             second execution.",
            true,
        ),
        HttpErrorKind::Connect => (
            ErrorClass::Unavailable,
            "ConnectionFailed",
            "The endpoint can't be reached. Check the region's spelling, the endpoint override, \
             and that the network lets the host out.",
            true,
        ),
        HttpErrorKind::Tls => (
            ErrorClass::Unavailable,
            "TlsFailed",
            "The endpoint's certificate isn't one that the host trusts. Check the endpoint \
             override, and whether a proxy intercepts TLS.",
            false,
        ),
        HttpErrorKind::BodyTooLarge => (
            ErrorClass::Limit,
            "ResponseTooLarge",
            "The answer is larger than the host takes; an operator can raise that limit.",
            false,
        ),
        HttpErrorKind::Protocol => (
            ErrorClass::Unavailable,
            "IncompleteResponse",
            "The answer broke off or wasn't HTTP. Try again; a start repeated under the same GUID \
             starts no second execution.",
            true,
        ),
    };
    ours(class, code, message, hint, retryable)
}

fn ours(
    class: ErrorClass,
    code: &str,
    message: impl Into<String>,
    hint: &str,
    retryable: bool,
) -> Error {
    Error {
        class,
        code: code.to_owned(),
        message: message.into(),
        hint: hint.to_owned(),
        retryable,
        request_id: None,
        details: Vec::new(),
    }
}

/// For a job or connection with errors in it.
pub fn invalid_job(findings: &[Finding]) -> Error {
    let message = findings
        .iter()
        .map(|finding| format!("{} {}", finding.field, finding.message))
        .collect::<Vec<_>>()
        .join("; ");
    Error::invalid(
        "InvalidJob",
        message,
        "Nothing was sent to SageMaker. Correct the job and try again.",
    )
}

/// For a connection with errors in it.
pub fn invalid_connection(findings: &[Finding]) -> Error {
    Error {
        code: "InvalidConnection".to_owned(),
        hint: "Nothing was sent to SageMaker. Correct the connection and try again.".to_owned(),
        ..invalid_job(findings)
    }
}

/// For a run id that no start returned.
pub fn invalid_run_id(text: &str) -> Error {
    Error::invalid(
        "InvalidRunId",
        format!("{text:?} is no pipeline execution's ARN"),
        "A run's id looks like \
         arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipeline/execution/abcdefghijkl.",
    )
}

/// For an External Id that is neither a name nor an ARN.
pub fn invalid_external_id(text: &str, wrong: &str) -> Error {
    Error::invalid(
        "InvalidExternalId",
        format!("the External Id {text:?} {wrong}"),
        "It has to be the pipeline's name, or its ARN.",
    )
}

/// For a cursor that no earlier page returned.
pub fn invalid_cursor(text: &str) -> Error {
    Error::invalid(
        "InvalidCursor",
        format!("{text:?} is no cursor of this job type"),
        "Begin again without a cursor.",
    )
}

/// For a listing that would go on for ever.
pub fn endless_listing(operation: &str, why: &str) -> Error {
    ours(
        ErrorClass::Other,
        "EndlessListing",
        format!("{operation} doesn't come to an end: {why}"),
        "This is a fault of the service's. What was listed so far is good; try again later.",
        true,
    )
}

/// For an answer that lacks what it is for.
pub fn missing_member(operation: &str, member: &str) -> Error {
    ours(
        ErrorClass::Other,
        "UnreadableResponse",
        format!("the answer to {operation} has no {member}"),
        "Something between the host and SageMaker may have answered in its place. Try again: the \
         same GUID starts no second execution.",
        true,
    )
}

#[cfg(test)]
mod tests {
    use super::super::api::{DescribePipelineExecution, StartPipelineExecution};
    use super::*;
    use crate::host::{HttpError, SigningError};

    fn service(code: &str, status: u16) -> CallError {
        CallError::Service(ServiceError {
            code: code.to_owned(),
            message: "why".to_owned(),
            status,
            request_id: Some("id".to_owned()),
            retry_after_milliseconds: None,
            date: None,
        })
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
            ("ResourceNotFound", 400, ErrorClass::NotFound, false),
            ("ResourceLimitExceeded", 400, ErrorClass::Limit, false),
            ("ConflictException", 400, ErrorClass::Conflict, false),
            ("ThrottlingException", 400, ErrorClass::Throttled, true),
            ("HTTP 429", 429, ErrorClass::Throttled, true),
            ("InternalFailure", 500, ErrorClass::Unavailable, true),
            ("HTTP 501", 501, ErrorClass::Unavailable, true),
            ("HTTP 403", 403, ErrorClass::Denied, false),
            ("SomethingNew", 400, ErrorClass::Other, false),
        ] {
            let error = of::<StartPipelineExecution>(service(code, status));
            assert_eq!((error.class, error.retryable), (class, retryable), "{code}");
            assert_eq!((error.code.as_str(), error.message.as_str()), (code, "why"));
            assert_eq!(error.request_id.as_deref(), Some("id"));
            let expects_hint = code != "SomethingNew";
            assert_eq!(
                !error.hint.is_empty(),
                expects_hint,
                "{code}: {}",
                error.hint
            );
        }
    }

    #[test]
    fn a_denied_operation_names_the_permission_that_is_missing() {
        let start = of::<StartPipelineExecution>(service("AccessDeniedException", 400));
        assert!(
            start.hint.contains("sagemaker:StartPipelineExecution")
                && start.hint.contains("iam:PassRole")
        );
        let describe = of::<DescribePipelineExecution>(service("AccessDeniedException", 400));
        assert!(
            describe
                .hint
                .contains("sagemaker:DescribePipelineExecution")
        );
    }

    #[test]
    fn no_response_and_no_credentials_have_hints_too() {
        use HttpErrorKind::{BodyTooLarge, Connect, Denied, Protocol, Timeout, Tls};
        for kind in [Denied, Timeout, Connect, Tls, BodyTooLarge, Protocol] {
            let error = of::<StartPipelineExecution>(CallError::Transport(HttpError {
                kind,
                message: "m".to_owned(),
            }));
            assert!(!error.hint.is_empty() && error.message == "m", "{kind:?}");
        }
        for not_granted in [true, false] {
            let error = of::<StartPipelineExecution>(CallError::Credentials(SigningError {
                not_granted,
                message: "m".to_owned(),
            }));
            assert_eq!(
                (error.class, error.retryable),
                (ErrorClass::Denied, !not_granted)
            );
        }
    }
}
