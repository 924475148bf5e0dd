//! The attributes of a job: how a form shows them, how they are read, and the members of
//! StartPipelineExecution that they become. A further attribute is a field, a definition and a line
//! of [`JobAttributes::read`].

use job_type_kit::Findings;
use job_type_kit::contract::{Attribute, AttributeDefinition, Error};
use serde::Serialize;

use crate::api::ParallelismConfiguration;
use crate::constraints;

/// `PipelineExecutionDisplayName`
pub const DISPLAY_NAME: &str = "execution-display-name";
/// `PipelineExecutionDescription`
pub const DESCRIPTION: &str = "execution-description";
/// `ParallelismConfiguration.MaxParallelExecutionSteps`
pub const MAX_PARALLEL_STEPS: &str = "max-parallel-execution-steps";
/// `RoleArn`
pub const ROLE_ARN: &str = "execution-role-arn";

/// The attributes that were given, as members of the request that starts an execution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]
pub struct JobAttributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_execution_display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_execution_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism_configuration: Option<ParallelismConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
}

/// What can be given for a job.
pub fn definitions() -> Vec<AttributeDefinition> {
    vec![
        AttributeDefinition::text(
            DISPLAY_NAME,
            "SageMaker Execution Display Name",
            "Friendly name of the execution, shown in the SageMaker console.",
        )
        .with_length(constraints::DISPLAY_NAME_LENGTH)
        .with_pattern(constraints::DISPLAY_NAME_PATTERN),
        AttributeDefinition::text(
            DESCRIPTION,
            "SageMaker Execution Description",
            "Free text about this execution, in one line.",
        )
        .with_length(constraints::DESCRIPTION_LENGTH)
        .with_pattern(constraints::DESCRIPTION_PATTERN),
        AttributeDefinition::integer(
            MAX_PARALLEL_STEPS,
            "SageMaker Max Parallel Execution Steps",
            "How many steps of the execution may run at once. Caps fan-out that would otherwise use \
             up the account's quotas.",
            constraints::MAX_PARALLEL_STEPS,
        ),
        AttributeDefinition::text(
            ROLE_ARN,
            "Pipeline Execution Role ARN",
            "The IAM role that the execution runs as, in place of the pipeline's own. SageMaker \
             takes one only for pipelines that AWS manages; the caller needs iam:PassRole on it.",
        )
        .with_length(constraints::ROLE_ARN_LENGTH)
        .with_pattern(constraints::ROLE_ARN_PATTERN),
    ]
}

/// What to do about an error `InvalidJob`.
pub(crate) const CORRECT_THE_JOB: &str =
    "Nothing was sent to SageMaker. Correct the job and try again.";

impl JobAttributes {
    /// Reads a job's attributes, all of which have to be right.
    ///
    /// # Errors
    /// `InvalidJob` with all that is wrong.
    pub fn parse(attributes: &[Attribute]) -> Result<Self, Error> {
        let mut findings = Findings::default();
        let read = Self::read(attributes, &mut findings);
        findings.finish(Some(read), "InvalidJob", CORRECT_THE_JOB)
    }

    /// Reads a job's attributes. An attribute with something wrong is left out, and what is wrong
    /// goes into `findings`.
    pub fn read(attributes: &[Attribute], findings: &mut Findings) -> Self {
        findings.unknown_attributes("", attributes, definitions);
        let mut text = |key: &str, check: fn(&str) -> Option<String>| {
            let value = Attribute::find(attributes, key)?;
            match check(value) {
                None => Some(value.to_owned()),
                Some(wrong) => {
                    findings.error(format!("attributes.{key}"), wrong);
                    None
                }
            }
        };
        let pipeline_execution_display_name = text(DISPLAY_NAME, constraints::display_name);
        let pipeline_execution_description = text(DESCRIPTION, constraints::description);
        let role_arn = text(ROLE_ARN, constraints::role_arn);
        let max_parallel_steps =
            Attribute::find(attributes, MAX_PARALLEL_STEPS).and_then(|value| {
                constraints::max_parallel_steps(value)
                    .map_err(|wrong| {
                        findings.error(format!("attributes.{MAX_PARALLEL_STEPS}"), wrong);
                    })
                    .ok()
            });
        Self {
            pipeline_execution_display_name,
            pipeline_execution_description,
            parallelism_configuration: max_parallel_steps.map(|max_parallel_execution_steps| {
                ParallelismConfiguration {
                    max_parallel_execution_steps,
                }
            }),
            role_arn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use job_type_kit::contract::Severity;

    #[test]
    fn a_blank_attribute_counts_as_not_given() {
        let mut findings = Findings::default();
        let attributes = [DISPLAY_NAME, DESCRIPTION, MAX_PARALLEL_STEPS, ROLE_ARN]
            .map(|key| Attribute::new(key, " "));
        let read = JobAttributes::read(&attributes, &mut findings);
        assert_eq!(read, JobAttributes::default());
        assert_eq!(findings.into_sorted(), []);
    }

    #[test]
    fn a_misspelt_attribute_is_a_warning() {
        let mut findings = Findings::default();
        JobAttributes::read(&[Attribute::new("display-name", "x")], &mut findings);
        let found = findings.into_sorted();
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].field, "attributes.display-name");
    }

    #[test]
    fn each_attribute_that_is_read_has_a_definition_and_each_definition_is_read() {
        let values = [
            (DISPLAY_NAME, "Nightly"),
            (DESCRIPTION, "all of it"),
            (MAX_PARALLEL_STEPS, "3"),
            (ROLE_ARN, "arn:aws:iam::123456789012:role/r"),
        ];
        let mut findings = Findings::default();
        let attributes = values.map(|(key, value)| Attribute::new(key, value));
        let read = JobAttributes::read(&attributes, &mut findings);
        assert_eq!(findings.into_sorted(), []);
        let members = serde_json::to_value(read).unwrap();
        assert_eq!(members.as_object().unwrap().len(), definitions().len());
    }
}
