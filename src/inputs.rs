//! The input parameters of a job, as a start sends them.

use job_type_kit::contract::{Direction, Parameter};
use job_type_kit::{FindingCode, Findings};
use serde::Serialize;

use crate::constraints;
use crate::finding_codes::{OUTPUT_IGNORED, OUTPUT_NOT_UPDATED};

/// A parameter's value for one execution (API model: `Parameter`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PipelineParameter {
    /// As declared.
    pub name: String,
    /// Always text; SageMaker reads it by the declared type.
    pub value: String,
}

/// The parameters that a start sends, in declared order. A parameter with something wrong goes into
/// `findings`.
pub fn read(parameters: &[Parameter], findings: &mut Findings) -> Vec<PipelineParameter> {
    let mut names = Vec::new();
    let mut inputs = Vec::new();
    for parameter in parameters {
        let field = format!("parameters.{}", parameter.name);
        match names.binary_search(&parameter.name.as_str()) {
            Err(at) => names.insert(at, &parameter.name),
            Ok(_) => {
                findings.error(FindingCode::Duplicate, &field, "is given more than once");
                continue;
            }
        }
        match parameter.direction {
            Direction::Input => {}
            Direction::InputOutput => findings.warning(
                OUTPUT_NOT_UPDATED,
                &field,
                "is sent, but not updated when the run is over: SageMaker pipelines return no \
                 output parameters (not supported)",
            ),
            Direction::Output => {
                findings.warning(
                    OUTPUT_IGNORED,
                    &field,
                    "is ignored: SageMaker pipelines return no output parameters (not supported)",
                );
                continue;
            }
        }
        // Without a value the default applies and nothing is sent, so that the name does not matter.
        let Some(value) = &parameter.value else {
            continue;
        };
        check(&parameter.name, value, &field, findings);
        inputs.push(PipelineParameter {
            name: parameter.name.clone(),
            value: value.clone(),
        });
    }
    if inputs.len() > constraints::PARAMETERS {
        findings.error(
            FindingCode::TooMany,
            "parameters",
            format!(
                "{} would be sent; SageMaker takes {} at the most",
                inputs.len(),
                constraints::PARAMETERS
            ),
        );
    }
    inputs
}

/// Checks a parameter that is sent.
fn check(name: &str, value: &str, field: &str, findings: &mut Findings) {
    if let Some(wrong) = constraints::parameter_name(name) {
        findings.problem(field, wrong);
    }
    if let Some(wrong) = constraints::parameter_value(value) {
        findings.problem(field, wrong);
    }
}
