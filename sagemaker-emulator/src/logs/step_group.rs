//! The log groups that steps write to.

use std::fmt;

use crate::execution::action::{Action, Resource};

const LAMBDA_PREFIX: &str = "/aws/lambda/";

/// A log group that a step can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepGroup<'a> {
    TrainingJobs,
    ProcessingJobs,
    TransformJobs,
    /// The SageMaker Python SDK reads the logs of AutoML jobs here. SageMaker's documentation doesn't name
    /// the group.
    AutoMlJobs,
    /// Of the function with this name.
    Lambda(&'a str),
}

impl<'a> StepGroup<'a> {
    const OF_JOBS: [Self; 4] = [
        Self::TrainingJobs,
        Self::ProcessingJobs,
        Self::TransformJobs,
        Self::AutoMlJobs,
    ];

    /// The group that a step writes to, if it runs anything that writes.
    pub(super) fn of(action: &'a Action) -> Option<Self> {
        match action {
            Action::Training | Action::Tuning => Some(Self::TrainingJobs),
            Action::Processing | Action::QualityCheck(_) | Action::ClarifyCheck(_) => {
                Some(Self::ProcessingJobs)
            }
            Action::Transform => Some(Self::TransformJobs),
            Action::Resource(Resource::AUTO_ML_JOB) => Some(Self::AutoMlJobs),
            Action::Lambda { function_arn, .. } => function_name(function_arn).map(Self::Lambda),
            _ => None,
        }
    }

    pub(super) fn parse(name: &'a str) -> Option<Self> {
        match name.strip_prefix(LAMBDA_PREFIX) {
            Some(function) => Some(Self::Lambda(function)),
            None => Self::OF_JOBS
                .into_iter()
                .find(|group| group.to_string() == name),
        }
    }
}

impl fmt::Display for StepGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrainingJobs => f.write_str("/aws/sagemaker/TrainingJobs"),
            Self::ProcessingJobs => f.write_str("/aws/sagemaker/ProcessingJobs"),
            Self::TransformJobs => f.write_str("/aws/sagemaker/TransformJobs"),
            Self::AutoMlJobs => f.write_str("/aws/sagemaker/AutoMLJobs"),
            Self::Lambda(function) => write!(f, "{LAMBDA_PREFIX}{function}"),
        }
    }
}

/// The function's name in `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`, which a version or an
/// alias may follow.
fn function_name(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':').skip(5);
    let is_function = parts.next() == Some("function");
    parts.next().filter(|name| is_function && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_group_whatever_version_is_called() {
        for arn in [
            "arn:aws:lambda:us-east-1:123456789012:function:notify",
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:notify:prod",
        ] {
            assert_eq!(function_name(arn), Some("notify"));
        }
        for other in [
            "",
            "notify",
            "arn:aws:lambda:us-east-1:1:layer:notify",
            "arn:aws:lambda:r:1:function:",
        ] {
            assert_eq!(function_name(other), None, "{other}");
        }
    }

    #[test]
    fn a_group_is_found_by_its_name() {
        let jobs = StepGroup::parse("/aws/sagemaker/ProcessingJobs");
        assert_eq!(jobs, Some(StepGroup::ProcessingJobs));
        assert_eq!(
            StepGroup::parse("/aws/lambda/f"),
            Some(StepGroup::Lambda("f"))
        );
        assert_eq!(StepGroup::parse("/aws/sagemaker/Endpoints/x"), None);
    }
}
