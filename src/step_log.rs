//! Where what a step ran writes its log: by the kind of resource that the step names.
//!
//! Source: "CloudWatch Logs for Amazon SageMaker AI" in SageMaker's documentation, for AutoML jobs the
//! SageMaker Python SDK, which reads theirs, and Lambda's documentation.

use aws_kit::arn::Arn;
use aws_kit::logs::Group;

use crate::metadata::Metadata;

/// Where a resource writes its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLog {
    /// The group and the streams.
    pub group: Group,
    /// Whether the streams hold what others wrote too, before the step and after it.
    pub is_shared: bool,
}

/// Where a resource writes its log; `None` where it writes none.
pub fn of_resource(arn: &Arn<'_>) -> Option<ResourceLog> {
    let (kind, name) = arn.resource_type_and_name()?;
    let job = |group: &str, prefix_end: &str| ResourceLog {
        group: Group {
            name: ["/aws/sagemaker/", group].concat(),
            stream_prefix: Some([name, prefix_end].concat()),
        },
        is_shared: false,
    };
    let shared = |group: &str, name: &str| ResourceLog {
        group: Group {
            name: [group, name].concat(),
            stream_prefix: None,
        },
        is_shared: true,
    };
    Some(match (arn.service, kind) {
        ("sagemaker", "training-job") => job("TrainingJobs", "/"),
        ("sagemaker", "processing-job") => job("ProcessingJobs", "/"),
        ("sagemaker", "transform-job") => job("TransformJobs", "/"),
        ("sagemaker", "automl-job") => job("AutoMLJobs", "/"),
        // The training jobs of a tuning job have its name at their beginning.
        ("sagemaker", "hyper-parameter-tuning-job") => job("TrainingJobs", "-"),
        ("sagemaker", "endpoint") => shared("/aws/sagemaker/Endpoints/", name),
        // A version or an alias may follow the function's name.
        ("lambda", "function") => shared("/aws/lambda/", name.split(':').next().unwrap_or(name)),
        _ => return None,
    })
}

/// Whether a group is one that steps write to.
pub fn is_of_step(group: &str) -> bool {
    ["/aws/sagemaker/", "/aws/lambda/"]
        .iter()
        .any(|prefix| group.starts_with(prefix))
}

/// Where a step writes its log. `is_reused` says whether its result is that of an earlier run: what
/// that run's function or endpoint wrote can't be told from what others wrote.
pub fn of_step(metadata: &Metadata, is_reused: bool) -> Option<ResourceLog> {
    let arn = Arn::parse(metadata.resource_id()?)?;
    of_resource(&arn).filter(|log| !(log.is_shared && is_reused))
}

/// Whether steps of a kind write a log once they have begun what they run.
pub fn kind_writes_log(kind: &str) -> bool {
    [
        "TrainingJob",
        "ProcessingJob",
        "TransformJob",
        "TuningJob",
        "AutoMLJob",
        "QualityCheck",
        "ClarifyCheck",
        "Lambda",
        "Endpoint",
    ]
    .contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(arn: &str) -> Option<(String, Option<String>, bool)> {
        let log = of_resource(&Arn::parse(arn)?)?;
        Some((log.group.name, log.group.stream_prefix, log.is_shared))
    }

    #[test]
    fn each_kind_of_resource_has_its_group_and_its_streams() {
        for (resource, group, prefix) in [
            (
                "sagemaker:r:1:training-job/a",
                "sagemaker/TrainingJobs",
                Some("a/"),
            ),
            (
                "sagemaker:r:1:processing-job/a",
                "sagemaker/ProcessingJobs",
                Some("a/"),
            ),
            (
                "sagemaker:r:1:transform-job/a",
                "sagemaker/TransformJobs",
                Some("a/"),
            ),
            (
                "sagemaker:r:1:automl-job/a",
                "sagemaker/AutoMLJobs",
                Some("a/"),
            ),
            (
                "sagemaker:r:1:hyper-parameter-tuning-job/a",
                "sagemaker/TrainingJobs",
                Some("a-"),
            ),
            ("sagemaker:r:1:endpoint/e", "sagemaker/Endpoints/e", None),
            ("lambda:r:1:function:f", "lambda/f", None),
            ("lambda:r:1:function:f:prod", "lambda/f", None),
        ] {
            let expected = (
                format!("/aws/{group}"),
                prefix.map(str::to_owned),
                prefix.is_none(),
            );
            assert!(is_of_step(&expected.0));
            assert_eq!(log(&format!("arn:aws:{resource}")), Some(expected));
        }
        for resource in ["sagemaker:r:1:model/m", "s3:::b/k", "iam::1:role/r"] {
            assert_eq!(log(&format!("arn:aws:{resource}")), None, "{resource}");
        }
        assert!(!is_of_step("/aws/rds/cluster"));
    }

    fn of_json(metadata: &str, is_reused: bool) -> Option<String> {
        let metadata: Metadata = serde_json::from_str(metadata).unwrap();
        of_step(&metadata, is_reused).map(|log| log.group.name)
    }

    #[test]
    fn a_check_writes_what_its_processing_job_writes() {
        let check =
            r#"{"QualityCheck": {"CheckJobArn": "arn:aws:sagemaker:r:1:processing-job/c"}}"#;
        let group = Some("/aws/sagemaker/ProcessingJobs".to_owned());
        assert_eq!(of_json(check, false), group);
        assert_eq!(of_json(check, true), group);
    }

    #[test]
    fn a_function_that_an_earlier_run_called_has_no_log_of_its_own() {
        let lambda = r#"{"Lambda": {"Arn": "arn:aws:lambda:r:1:function:f"}}"#;
        assert_eq!(of_json(lambda, false).as_deref(), Some("/aws/lambda/f"));
        assert_eq!(of_json(lambda, true), None);
    }

    #[test]
    fn a_step_without_a_resource_has_no_log() {
        for metadata in [
            "{}",
            r#"{"Condition": {"Outcome": "True"}}"#,
            r#"{"TrainingJob": {}}"#,
        ] {
            assert_eq!(of_json(metadata, false), None);
        }
    }
}
