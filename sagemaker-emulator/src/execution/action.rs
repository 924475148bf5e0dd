//! What a step of an execution does, with resolved values.

use crate::definition::expression::{Scalar, Values};
use crate::definition::{Check, OutputDeclaration, ParameterType, StepType};

/// What a step does, by its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Processing,
    Training,
    Transform,
    Tuning,
    Model,
    RegisterModel {
        group: String,
    },
    Lambda {
        function_arn: String,
        outputs: Vec<Output>,
    },
    Callback {
        queue_url: String,
        outputs: Vec<Output>,
    },
    Condition {
        outcome: bool,
    },
    Fail {
        message: String,
    },
    QualityCheck(CheckAction),
    ClarifyCheck(CheckAction),
    Emr {
        cluster_id: String,
    },
    Other,
}

/// A quality check or a Clarify check.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CheckAction {
    pub(crate) check_type: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) skip: bool,
    pub(crate) new_baseline: bool,
}

/// An output parameter of a Lambda or Callback step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) value: &'static str,
}

impl Action {
    /// Resolves the expressions of a step by `values`.
    pub(crate) fn new(step_type: &StepType, values: &Values) -> Self {
        let text = |expression| values.text(expression);
        match step_type {
            StepType::Processing => Self::Processing,
            StepType::Training => Self::Training,
            StepType::Transform => Self::Transform,
            StepType::Tuning => Self::Tuning,
            StepType::Model => Self::Model,
            StepType::RegisterModel { arguments } => Self::RegisterModel {
                group: arguments
                    .model_package_group_name
                    .as_ref()
                    .map(text)
                    .unwrap_or_default(),
            },
            StepType::Lambda {
                function_arn,
                output_parameters,
            } => Self::Lambda {
                function_arn: text(function_arn),
                outputs: outputs(output_parameters.as_deref()),
            },
            StepType::Callback {
                sqs_queue_url,
                output_parameters,
            } => Self::Callback {
                queue_url: text(sqs_queue_url),
                outputs: outputs(output_parameters.as_deref()),
            },
            StepType::Condition { arguments } => Self::Condition {
                outcome: arguments
                    .conditions
                    .iter()
                    .all(|condition| condition.holds(values)),
            },
            StepType::Fail { arguments } => Self::Fail {
                message: text(&arguments.error_message),
            },
            StepType::QualityCheck(check) => Self::QualityCheck(CheckAction::new(check, values)),
            StepType::ClarifyCheck(check) => Self::ClarifyCheck(CheckAction::new(check, values)),
            StepType::Emr { cluster_id } => Self::Emr {
                cluster_id: cluster_id.as_ref().map(text).unwrap_or_default(),
            },
            StepType::Other => Self::Other,
        }
    }
}

impl CheckAction {
    fn new(check: &Check, values: &Values) -> Self {
        let flag = |expression: &Option<_>| {
            let value = expression
                .as_ref()
                .and_then(|expression| values.resolve(expression));
            value == Some(Scalar::Boolean(true))
        };
        Self {
            check_type: check.check_type.clone(),
            group: check
                .model_package_group_name
                .as_ref()
                .map(|group| values.text(group)),
            skip: flag(&check.skip_check),
            new_baseline: flag(&check.register_new_baseline),
        }
    }
}

fn outputs(declared: Option<&[OutputDeclaration]>) -> Vec<Output> {
    declared
        .unwrap_or_default()
        .iter()
        .map(|output| Output {
            name: output.output_name.clone(),
            value: match output.output_type {
                ParameterType::String => "emulated",
                ParameterType::Integer => "1",
                ParameterType::Float => "1.0",
                ParameterType::Boolean => "true",
            },
        })
        .collect()
}
