//! The attributes of a job: how a form shows them, how they are read, and the members of
//! StartPipelineExecution that they become. A further attribute is a key, a field, a definition, and a
//! line of [`JobAttributes::read`] with the function that reads it.

use job_type_kit::contract::{Attribute, AttributeDefinition, Error, ErrorClass};
use job_type_kit::limits;
use job_type_kit::{Findings, Problem};
use serde::Serialize;

use crate::api::{ParallelismConfiguration, SelectiveExecutionConfig};
use crate::constraints;
use crate::pipeline_version;
use crate::selective_execution;

/// `PipelineExecutionDisplayName`
pub const DISPLAY_NAME: &str = "execution-display-name";
/// `PipelineExecutionDescription`
pub const DESCRIPTION: &str = "execution-description";
/// `ParallelismConfiguration.MaxParallelExecutionSteps`
pub const MAX_PARALLEL_STEPS: &str = "max-parallel-execution-steps";
/// `RoleArn`
pub const ROLE_ARN: &str = "execution-role-arn";
/// `MlflowExperimentName`
pub const MLFLOW_EXPERIMENT: &str = "mlflow-experiment-name";

/// API model: `PipelineExecutionName`
const DISPLAY_NAME_LENGTH: (u32, u32) = (1, 82);
/// API model: `PipelineExecutionName`
const DISPLAY_NAME_PATTERN: &str = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}";
/// API model: `PipelineExecutionDescription`
const DESCRIPTION_LENGTH: (u32, u32) = (0, 3072);
/// API model: `PipelineExecutionDescription`
const DESCRIPTION_PATTERN: &str = ".*";
/// API model: `MaxParallelExecutionSteps`
const LEAST_PARALLEL_STEPS: i64 = 1;
/// API model: `MlflowExperimentEntityName`
const MLFLOW_EXPERIMENT_LENGTH: (u32, u32) = (1, 256);
/// API model: `MlflowExperimentEntityName`
const MLFLOW_EXPERIMENT_PATTERN: &str = ".*";

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_version_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_version_alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selective_execution_config: Option<SelectiveExecutionConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mlflow_experiment_name: Option<String>,
}

/// What can be given for a job.
pub fn definitions() -> Vec<AttributeDefinition> {
    [
        AttributeDefinition::text(
            DISPLAY_NAME,
            "SageMaker Execution Display Name",
            "Friendly name of the execution, shown in the SageMaker console.",
        )
        .with_length(DISPLAY_NAME_LENGTH)
        .with_pattern(DISPLAY_NAME_PATTERN),
        AttributeDefinition::text(
            DESCRIPTION,
            "SageMaker Execution Description",
            "Free text about this execution, in one line.",
        )
        .with_length(DESCRIPTION_LENGTH)
        .with_pattern(DESCRIPTION_PATTERN),
        AttributeDefinition::integer(
            MAX_PARALLEL_STEPS,
            "SageMaker Max Parallel Execution Steps",
            "How many steps of the execution may run at once. Caps fan-out that would otherwise use \
             up the account's quotas.",
        )
        .with_minimum(LEAST_PARALLEL_STEPS)
        // The API's integers have 32 bits.
        .with_maximum(i32::MAX.into()),
        AttributeDefinition::text(
            ROLE_ARN,
            "Pipeline Execution Role ARN",
            "The IAM role that the execution runs as, in place of the pipeline's own. SageMaker \
             takes one only for pipelines that AWS manages; the caller needs iam:PassRole on it.",
        )
        .with_length(constraints::ROLE_ARN_LENGTH)
        .with_pattern(constraints::ROLE_ARN_PATTERN),
    ]
    .into_iter()
    .chain(pipeline_version::definitions())
    .chain(selective_execution::definitions())
    .chain([AttributeDefinition::text(
        MLFLOW_EXPERIMENT,
        "SageMaker MLflow Experiment Name",
        "The MLflow experiment that the execution is recorded in, for a pipeline that is set up for \
         MLflow.",
    )
    .with_length(MLFLOW_EXPERIMENT_LENGTH)
    .with_pattern(MLFLOW_EXPERIMENT_PATTERN)])
    .collect()
}

/// What to do about an error `InvalidJob`.
pub(crate) const CORRECT_THE_JOB: &str =
    "Nothing was sent to SageMaker. Correct the job or the connection, and try again.";

impl JobAttributes {
    /// Reads a job's attributes. An attribute with something wrong is left out, and what is wrong
    /// goes into `findings`.
    pub fn read(attributes: &[Attribute], findings: &mut Findings) -> Self {
        findings.unknown_attributes("", attributes, definitions);
        Self {
            pipeline_execution_display_name: findings.attribute(
                "",
                attributes,
                DISPLAY_NAME,
                display_name,
            ),
            pipeline_execution_description: findings.attribute(
                "",
                attributes,
                DESCRIPTION,
                description,
            ),
            parallelism_configuration: read_parallelism(attributes, findings),
            role_arn: findings.attribute("", attributes, ROLE_ARN, |arn| {
                accept(arn, constraints::role_arn(arn))
            }),
            pipeline_version_id: pipeline_version::read_id(attributes, findings),
            pipeline_version_alias: pipeline_version::read_alias(attributes, findings),
            selective_execution_config: selective_execution::read(attributes, findings),
            mlflow_experiment_name: findings.attribute(
                "",
                attributes,
                MLFLOW_EXPERIMENT,
                mlflow_experiment,
            ),
        }
    }

    /// What these attributes may have to do with a start's refusal, if anything; sentences that follow
    /// others. SageMaker's own message does not always name the member that it refuses.
    pub fn hint(&self, class: ErrorClass) -> String {
        let refused = matches!(class, ErrorClass::Invalid | ErrorClass::NotFound);
        let id = self.pipeline_version_id.map(|id| id.to_string());
        let version = id.as_ref().or(self.pipeline_version_alias.as_ref());
        let mut hint = String::new();
        if let Some(version) = version.filter(|_| refused) {
            hint.push_str(&format!(
                " The start asked for version {version}: check that the pipeline has it."
            ));
        }
        if self.selective_execution_config.is_some() && refused {
            hint.push_str(selective_execution::HINT);
        }
        hint
    }
}

/// The parallelism among a job's attributes, which is all that a retry uses of them.
///
/// # Errors
/// `InvalidJob` if it is wrong.
pub fn parallelism(attributes: &[Attribute]) -> Result<Option<ParallelismConfiguration>, Error> {
    let mut findings = Findings::default();
    let parallelism = read_parallelism(attributes, &mut findings);
    findings.finish(Some(parallelism), "InvalidJob", CORRECT_THE_JOB)
}

/// The attribute for the parallelism that SageMaker keeps for a pipeline. The pipeline's other settings
/// are not attributes of a job: a start must not send the role, and a version would pin the
/// job to the pipeline as it was when it was discovered.
pub fn suggested_parallelism(parallelism: ParallelismConfiguration) -> Option<Attribute> {
    let steps = parallelism.max_parallel_execution_steps;
    (i64::from(steps) >= LEAST_PARALLEL_STEPS)
        .then(|| Attribute::new(MAX_PARALLEL_STEPS, steps.to_string()))
}

fn read_parallelism(
    attributes: &[Attribute],
    findings: &mut Findings,
) -> Option<ParallelismConfiguration> {
    findings.attribute("", attributes, MAX_PARALLEL_STEPS, |steps| {
        let max_parallel_execution_steps = limits::whole_number(steps, LEAST_PARALLEL_STEPS)?;
        Ok(ParallelismConfiguration {
            max_parallel_execution_steps,
        })
    })
}

fn display_name(name: &str) -> Result<String, Problem> {
    let wrong = limits::length(name, DISPLAY_NAME_LENGTH).or_else(|| constraints::hyphenated(name));
    accept(name, wrong)
}

fn description(text: &str) -> Result<String, Problem> {
    let wrong = limits::length(text, DESCRIPTION_LENGTH).or_else(|| limits::single_line(text));
    accept(text, wrong)
}

fn mlflow_experiment(name: &str) -> Result<String, Problem> {
    let wrong =
        limits::length(name, MLFLOW_EXPERIMENT_LENGTH).or_else(|| limits::single_line(name));
    accept(name, wrong)
}

fn accept(value: &str, wrong: Option<Problem>) -> Result<String, Problem> {
    wrong.map_or_else(|| Ok(value.to_owned()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline_version::{VERSION_ALIAS, VERSION_ID};
    use crate::selective_execution::{SELECTED_STEPS, SOURCE_EXECUTION_ARN};
    use crate::testing::EXECUTION_ARN;
    use crate::testing::wrong_fields;
    use job_type_kit::contract::Severity;

    #[test]
    fn a_blank_attribute_counts_as_not_given() {
        let mut findings = Findings::default();
        let attributes: Vec<_> = definitions()
            .iter()
            .map(|definition| Attribute::new(&definition.key, " "))
            .collect();
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
            (VERSION_ID, "3"),
            (SELECTED_STEPS, "Train"),
            (SOURCE_EXECUTION_ARN, EXECUTION_ARN),
            (MLFLOW_EXPERIMENT, "churn"),
        ];
        let mut findings = Findings::default();
        let attributes = values.map(|(key, value)| Attribute::new(key, value));
        let mut read = JobAttributes::read(&attributes, &mut findings);
        assert_eq!(findings.into_sorted(), []);
        // Given alone: an ID and an alias exclude each other.
        let alias = [Attribute::new(VERSION_ALIAS, "prod")];
        let with_alias = JobAttributes::read(&alias, &mut Findings::default());
        read.pipeline_version_alias = with_alias.pipeline_version_alias;
        let members = serde_json::to_value(read).unwrap();
        // The two attributes of a selective execution are one member.
        assert_eq!(members.as_object().unwrap().len(), definitions().len() - 1);
    }

    #[test]
    fn a_display_name_follows_the_models_pattern() {
        for name in ["a", "A9", "my-run", "a--b", &"a".repeat(82)] {
            assert_eq!(display_name(name).as_deref(), Ok(name));
        }
        for name in ["", "-a", "a-", "a b", "a_b", "é", &"a".repeat(83)] {
            assert!(display_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_description_is_one_line_of_the_models_length() {
        assert!(description(&"é".repeat(3072)).is_ok());
        assert!(description(&"é".repeat(3073)).is_err());
        assert!(description("two\nlines").is_err());
    }

    fn wrong(attributes: &[(&str, &str)]) -> Vec<String> {
        wrong_fields(attributes, |attributes, findings| {
            JobAttributes::read(attributes, findings);
        })
    }

    #[test]
    fn an_experiment_name_is_one_line_of_the_models_length() {
        for name in ["churn", "Churn, weekly: é", &"x".repeat(256)] {
            assert_eq!(
                wrong(&[("mlflow-experiment-name", name)]),
                [""; 0],
                "{name}"
            );
        }
        for name in ["two\nlines", &"x".repeat(257)] {
            let field = "attributes.mlflow-experiment-name";
            assert_eq!(
                wrong(&[("mlflow-experiment-name", name)]),
                [field],
                "{name}"
            );
        }
    }
}
