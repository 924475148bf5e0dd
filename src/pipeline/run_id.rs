//! A run's id: the raw ARN of a pipeline execution, kept to the letter.

use super::constraints;
use super::failure;
use crate::aws::arn::Arn;
use crate::error::Error;

/// The ARN of an execution. Its letters may differ in case from the pipeline's, so that nothing is
/// read out of it for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// Reads what an earlier start returned (API model: `PipelineExecutionArn`).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = constraints::length(text, (1, constraints::ARN_LENGTH)).is_none()
            && constraints::single_line(text).is_none()
            && Arn::parse(text).is_some_and(|arn| {
                arn.service == "sagemaker"
                    && constraints::is_partition(arn.partition)
                    && constraints::is_region(arn.region)
                    && constraints::is_account(arn.account)
                    && arn
                        .resource
                        .strip_prefix("pipeline/")
                        .is_some_and(|rest| rest.contains("/execution/"))
            });
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(failure::invalid_run_id(text))
        }
    }

    /// To the letter.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_executions_arn_is_kept_to_the_letter() {
        let arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/MyPipe/execution/AbC123";
        assert_eq!(RunId::parse(arn).unwrap().as_str(), arn);
    }

    #[test]
    fn anything_else_is_refused_with_what_a_run_id_looks_like() {
        for text in [
            "",
            "abc123",
            "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p",
            "arn:aws:sagemaker:eu-west-1:aws:pipeline/p/execution/e",
            "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/e\n",
        ] {
            let error = RunId::parse(text).unwrap_err();
            assert!(error.message.contains("execution"), "{error:?}");
        }
    }
}
