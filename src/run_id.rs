//! A run's id: the ARN of a pipeline execution, to the letter.

use aws_kit::arn::Arn;
use aws_kit::region::Region;
use job_type_kit::contains;
use job_type_kit::contract::Error;
use job_type_kit::limits;

use crate::constraints;

/// The ARN of an execution. The case of its letters may differ from the pipeline's, so no part of it
/// is displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// Reads the id that a start returned (API model: `PipelineExecutionArn`).
    ///
    /// # Errors
    /// `InvalidRunId` where the text is anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let is_execution = |arn: &Arn<'_>| {
            arn.is_regional("sagemaker")
                && arn.has_account()
                && arn
                    .resource
                    .strip_prefix("pipeline/")
                    .is_some_and(|rest| contains(rest, "/execution/"))
        };
        let fits = limits::length(text, (1, constraints::ARN_LENGTH)).is_none()
            && limits::single_line(text).is_none()
            && Arn::parse(text).as_ref().is_some_and(is_execution);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::invalid(
                "InvalidRunId",
                format!("{text:?} is not the ARN of a pipeline execution"),
                "A run's id looks like \
                 arn:aws:sagemaker:eu-west-1:123456789012:pipeline/my-pipeline/execution/abcdefghijkl.",
            ))
        }
    }

    /// To the letter.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pipeline's name as the ARN has it, which may be in another case than the pipeline's own.
    pub fn pipeline(&self) -> Option<&str> {
        let resource = Arn::parse(&self.0)?.resource;
        let (name, _) = resource
            .strip_prefix("pipeline/")?
            .split_once("/execution/")?;
        Some(name)
    }

    /// The pipeline's ARN, in the case that this id has.
    pub fn pipeline_arn(&self) -> &str {
        self.0
            .split_once("/execution/")
            .map_or(&self.0, |(pipeline, _)| pipeline)
    }

    /// The execution's region.
    pub fn region(&self) -> Option<Region> {
        Region::parse(Arn::parse(&self.0)?.region)
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
        let run_id = RunId::parse(arn).unwrap();
        assert_eq!(run_id.as_str(), arn);
        assert_eq!(run_id.pipeline(), Some("MyPipe"));
        assert_eq!(
            run_id.pipeline_arn(),
            "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/MyPipe"
        );
        assert_eq!(run_id.region().unwrap().as_str(), "eu-west-1");
    }

    #[test]
    fn any_other_text_is_refused_with_an_example_of_a_run_id() {
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
