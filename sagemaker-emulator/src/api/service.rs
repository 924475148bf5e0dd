//! The services that the emulator stands for. The target of a request tells them apart.

/// A service of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsService {
    /// Amazon SageMaker.
    SageMaker,
    /// AWS Glue.
    Glue,
    /// Amazon CloudWatch Logs.
    CloudWatchLogs,
}

impl AwsService {
    const ALL: [Self; 3] = [Self::SageMaker, Self::Glue, Self::CloudWatchLogs];

    /// What comes before the operation's name in the header `X-Amz-Target`, with the full stop.
    pub fn target_prefix(self) -> &'static str {
        match self {
            Self::SageMaker => "SageMaker.",
            Self::Glue => "AWSGlue.",
            Self::CloudWatchLogs => "Logs_20140328.",
        }
    }

    /// The service in the scope of a signature, and in the names of actions.
    pub fn signing_name(self) -> &'static str {
        match self {
            Self::SageMaker => "sagemaker",
            Self::Glue => "glue",
            Self::CloudWatchLogs => "logs",
        }
    }

    /// The service of a target, and the operation's name in it.
    pub(crate) fn of_target(target: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|service| {
            let operation = target.strip_prefix(service.target_prefix())?;
            Some((service, operation))
        })
    }
}
