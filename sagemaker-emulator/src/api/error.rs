//! The errors that the service answers with.

use serde_json::json;

use super::operation::Operation;
use super::service::AwsService;

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

    /// Glue's refusal of a request.
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidInputException", message)
    }

    /// Glue's answer where a job or a run doesn't exist.
    pub(crate) fn entity_not_found(message: impl Into<String>) -> Self {
        Self::new(400, "EntityNotFoundException", message)
    }

    /// Glue's answer where a job has as many runs at once as it may.
    pub(crate) fn concurrent_runs_exceeded(message: impl Into<String>) -> Self {
        Self::new(400, "ConcurrentRunsExceededException", message)
    }

    /// CloudWatch Logs' refusal of a request.
    pub(crate) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterException", message)
    }

    /// CloudWatch Logs' refusal of a token that is not one of the listing.
    pub(crate) fn invalid_next_token() -> Self {
        Self::invalid_parameter("The specified nextToken is invalid.")
    }

    pub(crate) fn log_group_not_found() -> Self {
        let message = "The specified log group does not exist.";
        Self::new(400, "ResourceNotFoundException", message)
    }

    pub(crate) fn log_stream_not_found() -> Self {
        let message = "The specified log stream does not exist.";
        Self::new(400, "ResourceNotFoundException", message)
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

    /// A server error with this HTTP status. Glue has a code of its own, and CloudWatch Logs for 503.
    pub(crate) fn server_error(service: AwsService, status: u16) -> Self {
        let code = match (service, status) {
            (AwsService::Glue, _) => "InternalServiceException",
            (AwsService::CloudWatchLogs, 503) => "ServiceUnavailableException",
            _ => "InternalFailure",
        };
        Self::new(status, code, "The service could not answer this request.")
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
        let action = format!("{}:{operation}", operation.service().signing_name());
        Self::new(
            400,
            "AccessDeniedException",
            format!(
                "User: {caller} is not authorized to perform: {action} on resource: {resource} \
                 because no identity-based policy allows the {action} action"
            ),
        )
    }

    /// The body. Errors of the models of SageMaker and Glue spell their member `Message`, those that all AWS
    /// services share spell it `message`.
    pub(crate) fn body(&self) -> serde_json::Value {
        match self.code.as_str() {
            "ConcurrentRunsExceededException"
            | "ConflictException"
            | "EntityNotFoundException"
            | "InternalServiceException"
            | "InvalidInputException"
            | "ResourceLimitExceeded"
            | "ResourceNotFound" => {
                json!({ "__type": self.code, "Message": self.message })
            }
            _ => json!({ "__type": self.code, "message": self.message }),
        }
    }
}
