//! What a step of an execution does, with resolved values.

use super::items::items;
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
    EmrServerless {
        application_id: String,
    },
    /// Makes a resource of SageMaker or Bedrock, whose ARN is all that its metadata has.
    Resource(Resource),
    ForEach {
        /// `None` if the items are not a list.
        item_count: Option<usize>,
        max_concurrency: usize,
    },
    Other,
}

/// A kind of resource that a step makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Resource {
    /// The member of the step's metadata.
    pub(crate) kind: &'static str,
    pub(crate) service: &'static str,
    /// The resource's type in its ARN.
    pub(crate) resource_type: &'static str,
}

impl Resource {
    pub(crate) const AUTO_ML_JOB: Self = Self {
        kind: "AutoMLJob",
        service: "sagemaker",
        resource_type: "automl-job",
    };

    const fn of_sagemaker(kind: &'static str, resource_type: &'static str) -> Action {
        Action::Resource(Self {
            kind,
            service: "sagemaker",
            resource_type,
        })
    }

    const fn of_bedrock(kind: &'static str, resource_type: &'static str) -> Action {
        Action::Resource(Self {
            kind,
            service: "bedrock",
            resource_type,
        })
    }
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
            StepType::EmrServerless { arguments } => Self::EmrServerless {
                application_id: arguments
                    .application_id
                    .as_ref()
                    .map(text)
                    .unwrap_or_default(),
            },
            StepType::AutoMl => Self::Resource(Resource::AUTO_ML_JOB),
            StepType::EndpointConfig => Resource::of_sagemaker("EndpointConfig", "endpoint-config"),
            StepType::Endpoint => Resource::of_sagemaker("Endpoint", "endpoint"),
            StepType::InferenceComponent => {
                Resource::of_sagemaker("InferenceComponent", "inference-component")
            }
            StepType::BedrockCustomModel => {
                Resource::of_bedrock("BedrockCustomModel", "custom-model")
            }
            StepType::BedrockModelImport => {
                Resource::of_bedrock("BedrockModelImport", "imported-model")
            }
            StepType::ForEach { arguments } => Self::ForEach {
                item_count: items(&arguments.iterable_items, values).map(|items| items.len()),
                max_concurrency: arguments.max_concurrency,
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
