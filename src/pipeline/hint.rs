//! What to do about an error, by operation and code: the specification's troubleshooting section,
//! and the like for the rest of what SageMaker and the way to it answer.

/// What to do about a code that the service gave for an operation; empty if there is nothing to say.
pub fn for_code(operation: &str, code: &str) -> String {
    let is_execution = matches!(
        operation,
        "DescribePipelineExecution"
            | "StopPipelineExecution"
            | "RetryPipelineExecution"
            | "ListPipelineExecutionSteps"
    );
    match code {
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" => match operation {
            "StartPipelineExecution" => {
                "The caller is missing sagemaker:StartPipelineExecution on the pipeline's ARN, or \
                 iam:PassRole on the execution role (when one is given at start). Add what is \
                 missing to the caller's policy."
                    .to_owned()
            }
            _ => format!(
                "The caller is missing sagemaker:{operation}. Add it to the caller's policy."
            ),
        },
        "ValidationException" if operation == "StartPipelineExecution" => {
            "A supplied value doesn't match the type that the pipeline definition declares for the \
             parameter, a required parameter has no value, or a name isn't declared. Synchronise \
             the job's parameters with the pipeline and check the values."
                .to_owned()
        }
        "ValidationException" => {
            "SageMaker doesn't accept the request as it is; its message says which part."
                .to_owned()
        }
        "ResourceLimitExceeded" => {
            "A SageMaker quota (concurrent executions, training jobs, endpoints) has been hit. \
             Request a quota increase from AWS Service Quotas, or start again when other runs are \
             over."
                .to_owned()
        }
        "ResourceNotFound" | "ResourceNotFoundException" if is_execution => {
            "This account has no such execution in this region. Check that region and credentials \
             are those that the run was started with; SageMaker forgets executions of deleted \
             pipelines."
                .to_owned()
        }
        "ResourceNotFound" | "ResourceNotFoundException" => {
            "This account has no such pipeline in this region. Check the External Id (the \
             pipeline's name), the region, and that the credentials are of the right account; \
             discover the pipelines anew if it was renamed or deleted."
                .to_owned()
        }
        "ConflictException" => match operation {
            "StartPipelineExecution" => {
                "Most likely this start was carried out already, and the answer was lost; no second \
                 execution was started. Look for it among the pipeline's executions before \
                 starting anew under another GUID."
                    .to_owned()
            }
            "StopPipelineExecution" => {
                "The execution is between two steps; cancel it again in a moment.".to_owned()
            }
            _ => "The execution is being changed by somebody else; try again in a moment."
                .to_owned(),
        },
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            "The session token has expired, and the host could not get a fresh one. Renew the \
             credentials (sign in again, or let the role be assumed anew)."
                .to_owned()
        }
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" => {
            "AWS doesn't know these credentials. Check the access key id, that the session token \
             belongs to it, and that the key is active and of this partition."
                .to_owned()
        }
        "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "RequestTimeTooSkewed"
        | "AuthFailure" => {
            "Either the secret access key doesn't belong to the access key id, or the host's clock \
             is off by more than five minutes. Check the key, and set the clock by NTP."
                .to_owned()
        }
        "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => {
            "The request arrived without its signature. A proxy between the host and AWS may have \
             removed it."
                .to_owned()
        }
        "OptInRequired" | "SubscriptionRequiredException" => {
            "The account isn't signed up for SageMaker in this region. Enable it, or choose \
             another region."
                .to_owned()
        }
        "UnknownOperationException" => {
            "The endpoint doesn't offer this operation. If the connection overrides the endpoint, \
             check that it is SageMaker's."
                .to_owned()
        }
        // No code of AWS's: the status stands in its place.
        _ if code.starts_with("HTTP ") => {
            "SageMaker gives its refusals a code, and this one has none: something between the host \
             and SageMaker (a proxy, a gateway, a wrong endpoint) may have answered in its place. \
             Check the connection's endpoint and the network."
                .to_owned()
        }
        _ => String::new(),
    }
}

/// For throttling.
pub const THROTTLED: &str = "AWS limits how many requests an account may make in a second, over all of its callers. \
     It works again in a moment; poll less often if it happens a lot.";

/// For failures of the service.
pub const UNAVAILABLE: &str = "SageMaker has trouble at present; it works again in a while. The AWS Health Dashboard tells \
     of larger disturbances.";
