//! The input parameters of a job, as a start sends them.

use job_type_kit::contract::Parameter;
use job_type_kit::inputs::{self, Input};
use job_type_kit::{FindingCode, Findings};
use serde::Serialize;

use crate::constraints;

/// What returns no output parameters.
const RUNS: &str = "SageMaker pipelines";

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
    let mut inputs = Vec::new();
    for input in inputs::of_a_platform_without_outputs(RUNS, parameters, findings) {
        check(input, findings);
        inputs.push(PipelineParameter {
            name: input.name.to_owned(),
            value: input.value.to_owned(),
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
fn check(input: Input<'_>, findings: &mut Findings) {
    if let Some(wrong) = constraints::parameter_name(input.name) {
        findings.problem(input.field(), wrong);
    }
    if let Some(wrong) = constraints::parameter_value(input.value) {
        findings.problem(input.field(), wrong);
    }
}
