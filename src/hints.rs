//! What a user can do about an error of SageMaker, by operation and code: the specification's
//! troubleshooting section, and more of its kind. `kit/aws` has the hints that hold for every service.

use job_type_kit::contract::ErrorClass;

/// The classes of SageMaker's own codes.
pub fn class(code: &str) -> Option<ErrorClass> {
    match code {
        "ResourceNotFound" => Some(ErrorClass::NotFound),
        "ResourceInUse" => Some(ErrorClass::Conflict),
        "ResourceLimitExceeded" => Some(ErrorClass::Limit),
        _ => None,
    }
}

/// What to do about a code that SageMaker answers to an operation; `None` where the kit's hint
/// serves.
pub fn hint(operation: &str, code: &str) -> Option<&'static str> {
    let hint = match (code, operation) {
        (
            "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation",
            "StartPipelineExecution",
        ) => {
            "The caller is missing sagemaker:StartPipelineExecution on the pipeline's ARN, or \
             iam:PassRole on the execution role (when one is given at start). Add what is missing \
             to the caller's policy."
        }
        ("ValidationException", "StartPipelineExecution") => {
            "A supplied value doesn't match the type that the pipeline definition declares for the \
             parameter, a required parameter has no value, or a name isn't declared. Synchronise \
             the job's parameters with the pipeline and check the values."
        }
        ("ValidationException", "RetryPipelineExecution") => {
            "Only a run that failed or was stopped can be retried. Start the job anew instead."
        }
        (
            "ResourceNotFound" | "ResourceNotFoundException",
            "DescribePipelineExecution"
            | "StopPipelineExecution"
            | "RetryPipelineExecution"
            | "ListPipelineExecutionSteps",
        ) => {
            "This account has no such execution in this region. Check that region and credentials \
             are those that the run was started with; SageMaker forgets executions of deleted \
             pipelines."
        }
        ("ResourceNotFound" | "ResourceNotFoundException", _) => {
            "This account has no such pipeline in this region. Check the External Id (the \
             pipeline's name), the region, and that the credentials are of the right account; \
             discover the pipelines anew if it was renamed or deleted."
        }
        ("ConflictException", "StopPipelineExecution") => {
            "The execution is between two steps; cancel it again in a moment."
        }
        ("ConflictException", _) => {
            "Somebody else is changing the execution; try again in a moment."
        }
        _ => return None,
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denied_start_names_both_permissions_that_it_takes() {
        let hint = hint("StartPipelineExecution", "AccessDeniedException").unwrap();
        assert!(hint.contains("sagemaker:StartPipelineExecution"));
        assert!(hint.contains("iam:PassRole"));
    }

    #[test]
    fn a_retry_of_a_run_that_succeeded_says_what_can_be_retried() {
        let hint = hint("RetryPipelineExecution", "ValidationException").unwrap();
        assert!(hint.contains("failed or was stopped"), "{hint}");
    }

    #[test]
    fn a_missing_execution_is_not_a_missing_pipeline() {
        let missing = |operation| hint(operation, "ResourceNotFound").unwrap();
        assert!(missing("DescribePipelineExecution").contains("no such execution"));
        assert!(missing("StartPipelineExecution").contains("no such pipeline"));
    }
}
