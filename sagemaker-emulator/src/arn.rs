//! Amazon Resource Names, and the identifiers in them.

use sha2::{Digest, Sha256};

const BASE_36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The account and region that the emulator stands for: they are part of every ARN.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) region: String,
    pub(crate) account_id: String,
}

impl Account {
    fn partition(&self) -> &'static str {
        match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("eusc-") => "aws-eusc",
            _ => "aws",
        }
    }

    /// `resource` is what follows the account, such as `training-job/x`.
    pub(crate) fn sagemaker_arn(&self, resource: &str) -> String {
        self.arn("sagemaker", resource)
    }

    /// The ARN of a resource of any service in the account's region.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        self.arn_in(service, &self.account_id, resource)
    }

    /// The pipeline's name is in lower case, and the account is `aws` if AWS manages it.
    pub(crate) fn pipeline_arn(&self, name: &str, managed_by_aws: bool) -> String {
        let account_id = if managed_by_aws {
            "aws"
        } else {
            &self.account_id
        };
        self.arn_in(
            "sagemaker",
            account_id,
            &format!("pipeline/{}", name.to_lowercase()),
        )
    }

    pub(crate) fn execution_arn(&self, pipeline_name: &str, id: &str) -> String {
        let pipeline = pipeline_name.to_lowercase();
        self.sagemaker_arn(&format!("pipeline/{pipeline}/execution/{id}"))
    }

    pub(crate) fn log_group_arn(&self, group: &str) -> String {
        self.arn("logs", &format!("log-group:{group}"))
    }

    pub(crate) fn log_stream_arn(&self, group: &str, stream: &str) -> String {
        format!("{}:log-stream:{stream}", self.log_group_arn(group))
    }

    pub(crate) fn user_arn(&self, name: &str) -> String {
        format!(
            "arn:{}:iam::{}:user/{name}",
            self.partition(),
            self.account_id
        )
    }

    pub(crate) fn role_arn(&self, name: &str) -> String {
        format!(
            "arn:{}:iam::{}:role/{name}",
            self.partition(),
            self.account_id
        )
    }

    fn arn_in(&self, service: &str, account_id: &str, resource: &str) -> String {
        format!(
            "arn:{}:{service}:{}:{account_id}:{resource}",
            self.partition(),
            self.region
        )
    }
}

/// The name of the pipeline in an execution's ARN.
pub(crate) fn pipeline_of_execution(arn: &str) -> Option<&str> {
    let (_, tail) = arn.split_once(":pipeline/")?;
    tail.split_once("/execution/").map(|(name, _)| name)
}

/// `length` letters and digits, 32 at most. The same `seed` always gives the same identifier.
pub(crate) fn identifier(seed: &str, length: usize) -> String {
    Sha256::digest(seed.as_bytes())
        .iter()
        .take(length)
        .map(|byte| char::from(BASE_36[usize::from(*byte) % BASE_36.len()]))
        .collect()
}

/// The name of a job that a step runs: 63 characters at most.
pub(crate) fn job_name(execution_id: &str, step: &str, attempt: u32) -> String {
    limited_name("pipelines-", execution_id, step, attempt, 63)
}

/// The name of a tuning job that a step runs: 32 characters at most.
pub(crate) fn tuning_job_name(execution_id: &str, step: &str, attempt: u32) -> String {
    limited_name("", execution_id, step, attempt, 32)
}

fn limited_name(
    prefix: &str,
    execution_id: &str,
    step: &str,
    attempt: u32,
    longest: usize,
) -> String {
    let suffix = identifier(&format!("{execution_id}/{step}/{attempt}"), 10);
    let room = longest.saturating_sub(prefix.len() + execution_id.len() + suffix.len() + 2);
    let step: String = step.replace('_', "-").chars().take(room).collect();
    format!("{prefix}{execution_id}-{step}-{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_name_is_cut_to_the_limit() {
        let step = "Long_step_name".repeat(9);
        assert_eq!(tuning_job_name("abcdefghijkl", &step, 1).len(), 32);
        let name = job_name("abcdefghijkl", &step, 1);
        assert_eq!(name.len(), 63);
        assert!(name.starts_with("pipelines-abcdefghijkl-Long-step-name"));
    }

    #[test]
    fn an_execution_arn_names_its_pipeline() {
        let arn = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/abcdefghijkl";
        assert_eq!(pipeline_of_execution(arn), Some("p"));
    }
}
