//! Which of the contract's classes a service's error belongs to.

use job_type_kit::contract::ErrorClass;

use crate::error::{CallError, ServiceError};
use crate::retry::{self, Retryability};
use crate::service::Service;

/// The class by the code, where it is the service's own or one of all services, or by the HTTP status
/// where the code is not known.
///
/// Source: "Common Errors" in the services' API references, and what gateways before them answer.
pub fn error_class(service: &Service, error: &ServiceError) -> ErrorClass {
    (service.class)(&error.code).unwrap_or_else(|| of_any_service(service, error))
}

fn of_any_service(service: &Service, error: &ServiceError) -> ErrorClass {
    match error.code.as_str() {
        "ValidationException"
        | "ValidationError"
        | "SerializationException"
        | "InvalidParameterException"
        | "InvalidParameterValue" => ErrorClass::Invalid,
        "ResourceNotFoundException" => ErrorClass::NotFound,
        "ConflictException"
        | "IdempotentParameterMismatch"
        | "IdempotentParameterMismatchException" => ErrorClass::Conflict,
        "UnknownOperationException" => ErrorClass::Unsupported,
        "UnauthorizedOperation"
        | "NotAuthorized"
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
        _ => class_by_retryability(service, error),
    }
}

fn class_by_retryability(service: &Service, error: &ServiceError) -> ErrorClass {
    // Only the codes of clock skew depend on the time, and they have their class already.
    match retry::classify(service, &CallError::Service(error.clone()), 0) {
        Retryability::Throttled => ErrorClass::Throttled,
        Retryability::Transient => ErrorClass::Unavailable,
        _ => match error.status {
            401 | 403 | 407 => ErrorClass::Denied,
            500.. => ErrorClass::Unavailable,
            _ => ErrorClass::Other,
        },
    }
}
