//! What this job type is.

use super::api::SAGEMAKER;
use super::attributes;
use crate::aws::endpoint;
use crate::description::{Description, Need};
use crate::version::VERSION;

/// What every job of this type is called.
pub const NAME: &str = "SageMaker Pipeline";

/// The job type's self-description.
pub fn describe() -> Description {
    let mut needs: Vec<Need> = endpoint::origin_patterns()
        .into_iter()
        .map(Need::Http)
        .collect();
    needs.push(Need::AwsSigning(SAGEMAKER.signing_name));
    Description {
        id: "sagemaker-pipeline",
        name: NAME,
        platform: "Amazon SageMaker",
        version: VERSION,
        external_id_label: "Pipeline name",
        job_attributes: attributes::job_definitions(),
        connection_attributes: attributes::connection_definitions(),
        features: &[
            "discover",
            "inspect",
            "cancel",
            "retry",
            "steps",
            "monitor-url",
        ],
        needs,
    }
}
