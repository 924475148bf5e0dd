//! What sets one AWS service apart from the others.

use job_type_kit::contract::ErrorClass;

use crate::partition::Partition;
use crate::variant::Variant;

/// A service that speaks AWS JSON 1.1.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// What people call it, for messages: `SageMaker`.
    pub name: &'static str,
    /// The name in the credential scope and before IAM actions: `sagemaker`.
    pub signing_name: &'static str,
    /// What stands before `.OPERATION` in the header `x-amz-target`: `SageMaker`.
    pub target_prefix: &'static str,
    /// What stands before `.REGION.SUFFIX` in the host name of the service's endpoint.
    pub endpoint_rule: fn(&Partition, Variant) -> &'static str,
    /// The plugin, in the header `user-agent`.
    pub user_agent: UserAgent,
    /// The class of a code that is the service's own; `None` where [`error_class`](crate::error_class)
    /// serves.
    pub class: fn(code: &str) -> Option<ErrorClass>,
    /// What a user can do about a code that an operation answers; `None` where
    /// [`hints`](crate::hints) serves.
    pub hint: fn(operation: &str, code: &str) -> Option<&'static str>,
    /// What a user can do after the answer to an operation that changes something was lost: the service
    /// may have carried it out. A sentence.
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
