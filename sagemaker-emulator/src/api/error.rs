//! The errors that the service answers with.

use serde_json::json;

use super::operation::Operation;

/// An error as the service answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ServiceError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    pub(crate) fn serialization(message: impl Into<String>) -> Self {
        Self::new(400, "SerializationException", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(400, "ResourceNotFound", message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(400, "ConflictException", message)
    }

    pub(crate) fn throttling() -> Self {
        Self::new(400, "ThrottlingException", "Rate exceeded")
    }

    pub(crate) fn too_many_requests() -> Self {
        Self::new(429, "TooManyRequestsException", "Too many requests")
    }

    pub(crate) fn internal_failure(status: u16) -> Self {
        Self::new(
            status,
            "InternalFailure",
            "The service could not answer this request.",
        )
    }

    pub(crate) fn invalid_signature(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidSignatureException", message)
    }

    pub(crate) fn unrecognized_client() -> Self {
        Self::new(
            400,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        )
    }

    pub(crate) fn expired_token() -> Self {
        Self::new(
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
        )
    }

    pub(crate) fn access_denied(caller: &str, operation: Operation, resource: &str) -> Self {
        Self::new(
            400,
            "AccessDeniedException",
            format!(
                "User: {caller} is not authorized to perform: sagemaker:{operation} on resource: \
                 {resource} because no identity-based policy allows the sagemaker:{operation} action"
            ),
        )
    }

    /// The body. Errors of SageMaker's model spell their member `Message`, those that all AWS
    /// services share spell it `message`.
    pub(crate) fn body(&self) -> serde_json::Value {
        match self.code.as_str() {
            "ConflictException" | "ResourceLimitExceeded" | "ResourceNotFound" => {
                json!({ "__type": self.code, "Message": self.message })
            }
            _ => json!({ "__type": self.code, "message": self.message }),
        }
    }
}
