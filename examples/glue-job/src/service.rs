//! What sets Glue apart from other AWS services: its names, its errors, and what to do about them.

use aws_kit::Service;
use aws_kit::logs;
use aws_kit::platform::Platform;
use aws_kit::service::UserAgent;
use job_type_kit::contract::ErrorClass;

use crate::attributes;

/// Glue, as its API model names it.
pub static GLUE: Service = Service {
    name: "AWS Glue",
    signing_name: "glue",
    target_prefix: "AWSGlue",
    endpoint_rule: |_, variant| if variant.fips { "glue-fips" } else { "glue" },
    user_agent: UserAgent {
        product: "polysync-glue-job",
        version: env!("CARGO_PKG_VERSION"),
    },
    class,
    hint,
    lost_answer: "Look at the job's runs before you try it again.",
};

/// CloudWatch Logs, for the logs of runs.
pub static LOGS: Service = logs::service(GLUE.user_agent);

/// Both.
pub static PLATFORM: Platform = Platform {
    main: &GLUE,
    logs: &LOGS,
    check: |given, findings| findings.attributes("connection.", given, attributes::of_connections),
};

fn class(code: &str) -> Option<ErrorClass> {
    match code {
        "EntityNotFoundException" => Some(ErrorClass::NotFound),
        "InvalidInputException" => Some(ErrorClass::Invalid),
        "ConcurrentRunsExceededException" | "ResourceNumberLimitExceededException" => {
            Some(ErrorClass::Limit)
        }
        "InternalServiceException" | "OperationTimeoutException" => Some(ErrorClass::Unavailable),
        _ => None,
    }
}

fn hint(operation: &str, code: &str) -> Option<&'static str> {
    Some(match (code, operation) {
        ("ConcurrentRunsExceededException", _) => {
            "The job has as many runs at once as it may. Start it again when one of them is over, or raise \
             the job's maximum concurrency."
        }
        ("ResourceNumberLimitExceededException", _) => {
            "A quota of the account for Glue is used up, such as that of the DPUs at once. Wait until \
             other runs are over, use fewer workers, or request more from AWS Service Quotas."
        }
        ("EntityNotFoundException", "GetJobRun" | "BatchStopJobRun") => {
            "This account has no such run in this region. Check that region and credentials are those that \
             the run was started with; Glue forgets the runs of deleted jobs, and old runs."
        }
        ("EntityNotFoundException", _) => {
            "This account has no such job in this region. Check the job's name to the letter, the region, \
             and that the credentials are of the right account."
        }
        ("InvalidInputException", "StartJobRun") => {
            "Glue refuses a value. The worker type and the number of workers go together, and have to suit \
             the job's kind and Glue version."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::refused;

    #[test]
    fn each_error_of_the_model_has_its_class_and_a_hint() {
        for (code, class, retryable) in [
            ("ConcurrentRunsExceededException", ErrorClass::Limit, false),
            ("EntityNotFoundException", ErrorClass::NotFound, false),
            ("InternalServiceException", ErrorClass::Unavailable, true),
            ("InvalidInputException", ErrorClass::Invalid, false),
            ("OperationTimeoutException", ErrorClass::Unavailable, true),
            (
                "ResourceNumberLimitExceededException",
                ErrorClass::Limit,
                false,
            ),
        ] {
            let error = GLUE.contract_error("StartJobRun", refused(code));
            assert_eq!((error.class, error.retryable), (class, retryable), "{code}");
            assert!(!error.hint.contains("does not know"), "{code}");
        }
    }
}
