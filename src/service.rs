//! What sets SageMaker apart from other AWS services.

use aws_kit::Service;
use aws_kit::partition::Partition;
use aws_kit::service::UserAgent;
use aws_kit::variant::Variant;

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
    hint: hints::hint,
    lost_answer: "Try again; a start repeated under the same GUID starts no second execution.",
};

/// Source: the endpoint rules that the AWS SDKs share. FIPS endpoints have their older name in `aws`
/// and `aws-us-gov`, unless they are dual-stack.
fn endpoint_rule(partition: &Partition, variant: Variant) -> &'static str {
    match variant {
        Variant { fips: false, .. } => "api.sagemaker",
        Variant {
            dual_stack: false, ..
        } if matches!(partition.id, "aws" | "aws-us-gov") => "api-fips.sagemaker",
        _ => "api.sagemaker-fips",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_kit::endpoint::Endpoint;
    use aws_kit::error::{CallError, ServiceError};
    use aws_kit::region::Region;

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

    #[test]
    fn the_endpoint_follows_sagemakers_rules_in_every_partition() {
        for (region, fips, dual_stack, url) in [
            (
                "eu-west-1",
                false,
                false,
                "https://api.sagemaker.eu-west-1.amazonaws.com",
            ),
            (
                "us-east-1",
                true,
                false,
                "https://api-fips.sagemaker.us-east-1.amazonaws.com",
            ),
            (
                "us-gov-west-1",
                true,
                false,
                "https://api-fips.sagemaker.us-gov-west-1.amazonaws.com",
            ),
            (
                "us-east-1",
                false,
                true,
                "https://api.sagemaker.us-east-1.api.aws",
            ),
            (
                "us-east-1",
                true,
                true,
                "https://api.sagemaker-fips.us-east-1.api.aws",
            ),
            (
                "cn-north-1",
                false,
                false,
                "https://api.sagemaker.cn-north-1.amazonaws.com.cn",
            ),
            (
                "cn-north-1",
                true,
                false,
                "https://api.sagemaker-fips.cn-north-1.amazonaws.com.cn",
            ),
            (
                "eusc-de-east-1",
                false,
                true,
                "https://api.sagemaker.eusc-de-east-1.api.amazonwebservices.eu",
            ),
        ] {
            let variant = Variant::new(fips, dual_stack);
            let region = Region::parse(region).unwrap();
            let endpoint = Endpoint::regional(&SAGEMAKER, &region, variant);
            assert_eq!(endpoint.url, format!("{url}/"));
        }
    }
}
