//! What this job type is.

use job_type_kit::Feature;
use job_type_kit::contract::Description;

use crate::connection;
use crate::job_attributes;
use crate::service::VERSION;

/// What every job of this type is called.
pub const NAME: &str = "SageMaker Pipeline";

/// The job type's description of itself.
pub fn describe() -> Description {
    Description {
        id: "sagemaker-pipeline".to_owned(),
        name: NAME.to_owned(),
        platform: "Amazon SageMaker".to_owned(),
        version: VERSION.to_owned(),
        external_id_label: "Pipeline name".to_owned(),
        job_attributes: job_attributes::definitions(),
        connection_attributes: connection::definitions(),
        features: [
            Feature::Discover,
            Feature::Inspect,
            Feature::Cancel,
            Feature::Retry,
            Feature::Steps,
            Feature::Logs,
            Feature::MonitorUrl,
            Feature::IdempotentStart,
        ]
        .map(Into::into)
        .to_vec(),
    }
}
