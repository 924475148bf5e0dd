//! Selective execution: only some of a pipeline's steps run, and what they need of others is taken from
//! an earlier execution. Two attributes of a job become one member of the request.

use job_type_kit::contract::{Attribute, AttributeDefinition};
use job_type_kit::limits;
use job_type_kit::{FindingCode, Findings, Problem};

use crate::api::{SelectedStep, SelectiveExecutionConfig};
use crate::constraints;
use crate::external_id::ExternalId;
use crate::finding_codes::{NO_SELECTED_STEPS, NOT_AN_EXECUTION, OTHER_PIPELINE, OTHER_REGION};
use crate::run_id::RunId;

/// `SelectiveExecutionConfig.SelectedSteps`
pub const SELECTED_STEPS: &str = "selected-steps";
/// `SelectiveExecutionConfig.SourcePipelineExecutionArn`
pub const SOURCE_EXECUTION_ARN: &str = "source-execution-arn";

/// API model: `SelectedStepList`
const MOST_STEPS: usize = 50;
/// API model: `SelectedStep$StepName`, without the empty name, which no step has.
const STEP_NAME_LENGTH: (u32, u32) = (1, 256);
/// API model: `StepName`, as a list. Repeats within repeats are limited in RE2, so that the length of a
/// name is not in the pattern.
const STEPS_PATTERN: &str = r"\s*[A-Za-z0-9\-_]+(\s*,\s*[A-Za-z0-9\-_]+){0,49}\s*";
/// API model: `PipelineExecutionArn`
const EXECUTION_ARN_PATTERN: &str =
    r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:pipeline/.*/execution/.*";

/// What to do where a start of selected steps is refused.
pub(crate) const HINT: &str = " The start selected some steps: they have to be steps of this pipeline \
     that are connected to each other, and where they need results of other steps, \
     source-execution-arn has to name an execution of this pipeline that succeeded or failed.";

/// The two attributes.
pub fn definitions() -> [AttributeDefinition; 2] {
    [
        AttributeDefinition::text(
            SELECTED_STEPS,
            "SageMaker Selected Steps",
            "Names of steps, separated by commas: only these run, instead of the whole pipeline. They \
             have to be connected to each other.",
        )
        .with_pattern(STEPS_PATTERN),
        AttributeDefinition::text(
            SOURCE_EXECUTION_ARN,
            "SageMaker Source Execution ARN",
            "An execution of the same pipeline that succeeded or failed. The selected steps take from it \
             what they need of steps that are not selected.",
        )
        .with_length((1, constraints::ARN_LENGTH))
        .with_pattern(EXECUTION_ARN_PATTERN),
    ]
}

/// Reads the two attributes. What is wrong goes into `findings`.
pub fn read(attributes: &[Attribute], findings: &mut Findings) -> Option<SelectiveExecutionConfig> {
    let selected_steps = findings.attribute("", attributes, SELECTED_STEPS, selected_steps);
    let source_pipeline_execution_arn =
        findings.attribute("", attributes, SOURCE_EXECUTION_ARN, source);
    if Attribute::find(attributes, SELECTED_STEPS).is_none()
        && Attribute::find(attributes, SOURCE_EXECUTION_ARN).is_some()
    {
        findings.error(
            NO_SELECTED_STEPS,
            format!("attributes.{SOURCE_EXECUTION_ARN}"),
            format!("needs {SELECTED_STEPS} beside it; without them the whole pipeline would run"),
        );
    }
    Some(SelectiveExecutionConfig {
        selected_steps: selected_steps?,
        source_pipeline_execution_arn,
    })
}

/// Warns of a source execution that is not one of the job's pipeline in the connection's region.
pub fn check_source(
    config: &SelectiveExecutionConfig,
    pipeline: &ExternalId,
    region: &str,
    findings: &mut Findings,
) {
    let source = config.source_pipeline_execution_arn.as_deref();
    let Some(source) = source.and_then(|arn| RunId::parse(arn).ok()) else {
        return;
    };
    let field = format!("attributes.{SOURCE_EXECUTION_ARN}");
    let name = pipeline.name();
    match (source.region(), source.pipeline()) {
        (Some(other), _) if other.as_str() != region => findings.warning(
            OTHER_REGION,
            field,
            format!(
                "is in the region {}, but the connection's region is {region}",
                other.as_str()
            ),
        ),
        // The case of the name in an ARN may differ from the pipeline's.
        (_, Some(other)) if !other.eq_ignore_ascii_case(name) => findings.warning(
            OTHER_PIPELINE,
            field,
            format!(
                "is an execution of the pipeline {other:?}, and the job's is {name:?}; SageMaker takes \
                 results from executions of the same pipeline alone"
            ),
        ),
        _ => {}
    }
}

fn selected_steps(list: &str) -> Result<Vec<SelectedStep>, Problem> {
    let mut names: Vec<&str> = Vec::new();
    for name in list.split(',').map(str::trim) {
        if let Some(wrong) = step_name(name) {
            let message = format!("names {name:?}, which {}", wrong.message);
            return Err(Problem::new(wrong.code, message));
        }
        if names.contains(&name) {
            let message = format!("names {name:?} more than once");
            return Err(Problem::new(FindingCode::Duplicate, message));
        }
        if names.len() == MOST_STEPS {
            let message = format!("names more than {MOST_STEPS} steps");
            return Err(Problem::new(FindingCode::TooMany, message));
        }
        names.push(name);
    }
    let selected = |name: &str| SelectedStep {
        step_name: name.to_owned(),
    };
    Ok(names.into_iter().map(selected).collect())
}

fn step_name(name: &str) -> Option<Problem> {
    limits::length(name, STEP_NAME_LENGTH).or_else(|| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (!name.bytes().all(fits)).then(|| {
            Problem::new(
                FindingCode::InvalidCharacters,
                "is not a step's name: one holds letters a-z and A-Z, digits, - and _, and names are \
                 separated by commas",
            )
        })
    })
}

fn source(arn: &str) -> Result<String, Problem> {
    match RunId::parse(arn) {
        Ok(run_id) => Ok(run_id.into()),
        Err(error) => {
            let message = format!("is not an execution's ARN. {}", error.hint);
            Err(Problem::new(NOT_AN_EXECUTION, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::EXECUTION_ARN;

    fn read_all(steps: &str, source: &str) -> (Option<SelectiveExecutionConfig>, Vec<String>) {
        let attributes = [
            Attribute::new(SELECTED_STEPS, steps),
            Attribute::new(SOURCE_EXECUTION_ARN, source),
        ];
        let mut findings = Findings::default();
        let config = read(&attributes, &mut findings);
        let fields = findings.into_sorted().into_iter().map(|found| found.field);
        (config, fields.collect())
    }

    fn names(config: Option<SelectiveExecutionConfig>) -> Vec<String> {
        let steps = config.into_iter().flat_map(|config| config.selected_steps);
        steps.map(|step| step.step_name).collect()
    }

    #[test]
    fn steps_are_separated_by_commas_with_or_without_blanks() {
        for list in ["Train,Evaluate_2", " Train ,\n Evaluate_2 "] {
            let (config, wrong) = read_all(list, "");
            assert_eq!(wrong, [""; 0], "{list:?}");
            assert_eq!(names(config), ["Train", "Evaluate_2"]);
        }
    }

    #[test]
    fn a_list_that_names_something_else_than_steps_is_refused() {
        let long = "x".repeat(257);
        for list in [
            "Train Evaluate",
            "Train;Evaluate",
            "Train,",
            ",",
            "Train,,Evaluate",
            "Train,Train",
            "é",
            &long,
        ] {
            let (config, wrong) = read_all(list, "");
            assert_eq!(wrong, ["attributes.selected-steps"], "{list:?}");
            assert_eq!(config, None);
        }
    }

    #[test]
    fn fifty_steps_can_be_selected_and_not_one_more() {
        let list = |count: usize| {
            let names: Vec<_> = (0..count).map(|n| format!("S{n}")).collect();
            names.join(",")
        };
        assert_eq!(names(read_all(&list(50), "").0).len(), 50);
        assert_eq!(read_all(&list(51), "").1, ["attributes.selected-steps"]);
    }

    #[test]
    fn a_source_is_an_executions_arn() {
        let (config, wrong) = read_all("Train", EXECUTION_ARN);
        assert_eq!(wrong, [""; 0]);
        assert_eq!(
            config.unwrap().source_pipeline_execution_arn.as_deref(),
            Some(EXECUTION_ARN)
        );
        let pipeline = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p";
        for arn in ["latest", pipeline] {
            assert_eq!(
                read_all("Train", arn).1,
                ["attributes.source-execution-arn"]
            );
        }
    }

    #[test]
    fn a_source_without_steps_is_refused_because_the_whole_pipeline_would_run() {
        let (config, wrong) = read_all(" ", EXECUTION_ARN);
        assert_eq!(wrong, ["attributes.source-execution-arn"]);
        assert_eq!(config, None);
    }

    #[test]
    fn steps_that_are_wrong_are_not_also_missing() {
        assert_eq!(
            read_all("a b", EXECUTION_ARN).1,
            ["attributes.selected-steps"]
        );
    }

    #[test]
    fn a_source_of_another_pipeline_or_region_is_a_warning() {
        let execution = |region, name| {
            format!("arn:aws:sagemaker:{region}:123456789012:pipeline/{name}/execution/e")
        };
        for (source, expected) in [
            (execution("eu-west-1", "churn"), None),
            (execution("eu-west-1", "other"), Some("\"other\"")),
            (execution("us-east-1", "churn"), Some("us-east-1")),
        ] {
            let (config, _) = read_all("Train", &source);
            let pipeline = ExternalId::parse("Churn").unwrap();
            let mut findings = Findings::default();
            check_source(&config.unwrap(), &pipeline, "eu-west-1", &mut findings);
            let found = findings.into_sorted();
            assert_eq!(found.len(), expected.iter().len(), "{source}: {found:?}");
            for (finding, expected) in found.iter().zip(expected) {
                assert_eq!(finding.field, "attributes.source-execution-arn");
                assert!(finding.message.contains(expected), "{found:?}");
            }
        }
    }
}
