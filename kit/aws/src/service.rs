//! What sets one AWS service apart from the others.

use crate::partition::Partition;
use crate::variant::Variant;

/// A service that speaks AWS JSON 1.1.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// What people call it, for messages: `SageMaker`.
    pub name: &'static str,
    /// In the credential scope, and before the actions of IAM: `sagemaker`.
    pub signing_name: &'static str,
    /// In `x-amz-target`, before the operation: `SageMaker`.
    pub target_prefix: &'static str,
    /// What stands before `.REGION.SUFFIX` in the host name of the service's endpoint.
    pub endpoint_rule: fn(&Partition, Variant) -> &'static str,
    /// The plugin, in the header `user-agent`.
    pub user_agent: UserAgent,
    /// What a user can do about a code that one of the operations answers, where the service has
    /// more to say than [`hints`](crate::hints).
    pub hint: fn(operation: &str, code: &str) -> Option<&'static str>,
    /// What a user can do when an answer was lost, so that nobody knows whether the service carried
    /// the request out. A sentence.
    pub lost_answer: &'static str,
}

/// `PRODUCT/VERSION`
#[derive(Debug, Clone, Copy)]
pub struct UserAgent {
    /// For example `polysync-sagemaker-pipeline`.
    pub product: &'static str,
    /// The plugin's version.
    pub version: &'static str,
}
