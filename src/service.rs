//! What sets SageMaker apart from other AWS services.

use aws_kit::Service;
use aws_kit::logs;
use aws_kit::platform::Platform;
use aws_kit::service::UserAgent;

use crate::connection;
use crate::endpoint_rule::endpoint_rule;
use crate::hints;

/// The value of `SAGEMAKER_PIPELINE_VERSION` at the time of the build, else the package's version.
pub const VERSION: &str = match option_env!("SAGEMAKER_PIPELINE_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

/// SageMaker, as its API model names it.
pub static SAGEMAKER: Service = Service {
    name: "SageMaker",
    signing_name: "sagemaker",
    target_prefix: "SageMaker",
    endpoint_rule,
    user_agent: UserAgent {
        product: "polysync-sagemaker-pipeline",
        version: VERSION,
    },
    class: hints::class,
    hint: hints::hint,
    lost_answer: "Try again under the same GUID; nothing is done twice.",
};

/// CloudWatch Logs, for the logs of steps.
pub static LOGS: Service = logs::service(SAGEMAKER.user_agent);

/// Both.
pub static PLATFORM: Platform = Platform {
    main: &SAGEMAKER,
    logs: &LOGS,
    check: connection::check,
};

#[cfg(test)]
mod tests {
    use super::*;
    use aws_kit::error::{CallError, ServiceError};

    #[test]
    fn every_code_that_sagemaker_answers_to_a_start_has_a_hint() {
        for (code, status) in [
            ("ValidationException", 400),
            ("AccessDeniedException", 400),
            ("ExpiredTokenException", 400),
            ("UnrecognizedClientException", 403),
            ("InvalidSignatureException", 403),
            ("ResourceNotFound", 400),
            ("ResourceLimitExceeded", 400),
            ("ConflictException", 400),
            ("ThrottlingException", 400),
            ("HTTP 429", 429),
            ("InternalFailure", 500),
            ("HTTP 501", 501),
            ("HTTP 403", 403),
        ] {
            let refusal = CallError::Service(ServiceError {
                code: code.to_owned(),
                message: String::new(),
                status,
                request_id: None,
                retry_after_milliseconds: None,
                date: None,
            });
            let error = SAGEMAKER.contract_error("StartPipelineExecution", refusal);
            assert!(!error.hint.is_empty(), "{error:?}");
        }
    }
}
