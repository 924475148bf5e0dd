//! What this job type is.

use job_type_kit::Feature::{Cancel, Discover, Inspect, Logs, MonitorUrl, Steps};
use job_type_kit::contract::Description;

use crate::attributes;

/// What every job of this type is called.
pub const NAME: &str = "AWS Glue Job";

/// The job type's description of itself. It doesn't promise that a start is repeatable: StartJobRun takes
/// no token.
pub fn describe() -> Description {
    Description {
        id: "aws-glue-job".to_owned(),
        name: NAME.to_owned(),
        platform: "AWS Glue".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        external_id_label: "Job name".to_owned(),
        job_attributes: attributes::of_jobs(),
        connection_attributes: attributes::of_connections(),
        features: [Discover, Inspect, Cancel, Steps, Logs, MonitorUrl]
            .map(Into::into)
            .to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_not_promised_to_be_repeatable_and_a_retry_is_not_offered() {
        let features = describe().features;
        for feature in ["idempotent-start", "retry", "output-parameters"] {
            assert!(
                !features.iter().any(|offered| offered == feature),
                "{feature}"
            );
        }
        assert_eq!(features.len(), 6);
    }

    #[test]
    fn each_attribute_of_a_job_has_a_default_of_the_connection() {
        let Description {
            job_attributes,
            connection_attributes,
            ..
        } = describe();
        for attribute in job_attributes {
            let default = format!("default-{}", attribute.key);
            assert!(connection_attributes.iter().any(|a| a.key == default));
        }
    }
}
