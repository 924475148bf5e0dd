//! A pipeline definition: the JSON document that the SageMaker Python SDK writes.

use serde::Deserialize;
use serde_json::Value;

use self::condition::Condition;
use self::expression::{Expression, Scalar};

pub(crate) mod condition;
pub(crate) mod expression;
mod resources;

/// The parts of a definition that the emulator uses. Unknown members are ignored.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Definition {
    #[serde(default)]
    parameters: Option<Vec<ParameterDeclaration>>,
    pub(crate) steps: Vec<Step>,
    pub(crate) pipeline_experiment_config: Option<ExperimentConfig>,
}

impl Definition {
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The declared parameters; `Parameters` may be absent or null.
    pub(crate) fn parameters(&self) -> &[ParameterDeclaration] {
        self.parameters.as_deref().unwrap_or_default()
    }
}

/// A declared parameter. It is required if it has no default value.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ParameterDeclaration {
    pub(crate) name: String,
    #[serde(rename = "Type", default)]
    pub(crate) parameter_type: ParameterType,
    pub(crate) default_value: Option<Scalar>,
    pub(crate) enum_values: Option<Vec<Scalar>>,
}

/// The type of a parameter; String if none is declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum ParameterType {
    #[default]
    String,
    Integer,
    Float,
    Boolean,
}

impl ParameterType {
    /// Parses a value, which the API always carries as text. `None` if it isn't of this type.
    pub(crate) fn parse(self, text: &str) -> Option<Scalar> {
        match self {
            Self::String => Some(Scalar::Text(text.to_owned())),
            Self::Integer => text.parse().ok().map(Scalar::Integer),
            Self::Float => text.parse().ok().map(Scalar::Float),
            Self::Boolean if text.eq_ignore_ascii_case("true") => Some(Scalar::Boolean(true)),
            Self::Boolean if text.eq_ignore_ascii_case("false") => Some(Scalar::Boolean(false)),
            Self::Boolean => None,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExperimentConfig {
    pub(crate) experiment_name: Option<Expression>,
    pub(crate) trial_name: Option<Expression>,
}

/// A step, the names of the steps whose properties its arguments refer to, and the instances that they
/// ask for.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Step {
    pub(crate) fields: StepFields,
    pub(crate) references: Vec<String>,
    pub(crate) instance_count: Option<Expression>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StepFields {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) depends_on: Option<Vec<String>>,
    #[serde(flatten)]
    pub(crate) step_type: StepType,
}

/// The type of a step, with the members that the type adds.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "Type", rename_all_fields = "PascalCase")]
pub(crate) enum StepType {
    Processing,
    Training,
    Transform,
    Tuning,
    Model,
    RegisterModel {
        arguments: RegisterModelArguments,
    },
    Lambda {
        function_arn: Expression,
        output_parameters: Option<Vec<OutputDeclaration>>,
    },
    Callback {
        sqs_queue_url: Expression,
        output_parameters: Option<Vec<OutputDeclaration>>,
    },
    Condition {
        arguments: ConditionArguments,
    },
    Fail {
        arguments: FailArguments,
    },
    QualityCheck(Check),
    ClarifyCheck(Check),
    #[serde(rename = "EMR")]
    Emr {
        cluster_id: Option<Expression>,
    },
    #[serde(rename = "EMRServerless")]
    EmrServerless {
        arguments: EmrServerlessArguments,
    },
    #[serde(rename = "AutoML")]
    AutoMl,
    EndpointConfig,
    Endpoint,
    InferenceComponent,
    BedrockCustomModel,
    BedrockModelImport,
    ForEach {
        arguments: ForEachArguments,
    },
    #[serde(other)]
    Other,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RegisterModelArguments {
    pub(crate) model_package_group_name: Option<Expression>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConditionArguments {
    pub(crate) conditions: Vec<Condition>,
    #[serde(default)]
    pub(crate) if_steps: Vec<Step>,
    #[serde(default)]
    pub(crate) else_steps: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FailArguments {
    pub(crate) error_message: Expression,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmrServerlessArguments {
    pub(crate) application_id: Option<Expression>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ForEachArguments {
    /// A text that holds a JSON list.
    pub(crate) iterable_items: Expression,
    /// How many iterations may run at once.
    pub(crate) max_concurrency: usize,
    /// One step, which runs once for each item.
    pub(crate) for_each_body: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Check {
    pub(crate) check_type: Option<String>,
    pub(crate) model_package_group_name: Option<Expression>,
    pub(crate) skip_check: Option<Expression>,
    pub(crate) register_new_baseline: Option<Expression>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OutputDeclaration {
    pub(crate) output_name: String,
    #[serde(default)]
    pub(crate) output_type: ParameterType,
}

impl TryFrom<Value> for Step {
    type Error = serde_json::Error;

    fn try_from(step: Value) -> Result<Self, serde_json::Error> {
        let mut references = Vec::new();
        collect_references(&step, &mut references);
        Ok(Self {
            instance_count: resources::instance_count(&step),
            fields: serde_json::from_value(step)?,
            references,
        })
    }
}

/// Finds every `{"Get": "Steps.NAME…"}` except those in the steps of a condition's branches.
fn collect_references(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("IfSteps" | "ElseSteps", _) => {}
                    ("Get", Value::String(path)) => {
                        let step = path.strip_prefix("Steps.").unwrap_or_default();
                        // The name ends at the property: `Steps.A.B` or `Steps.A['B']`.
                        let name = step.split(['.', '[']).next().unwrap_or_default();
                        if !name.is_empty() {
                            references.push(name.to_owned());
                        }
                    }
                    _ => collect_references(value, references),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, references)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_a_parameter_and_the_list_of_parameters_are_optional() {
        let definition = Definition::parse(r#"{"Parameters":[{"Name":"A"}],"Steps":[]}"#).unwrap();
        assert_eq!(
            definition.parameters()[0].parameter_type,
            ParameterType::String
        );
        let definition = Definition::parse(r#"{"Parameters":null,"Steps":[]}"#).unwrap();
        assert!(definition.parameters().is_empty());
    }

    #[test]
    fn references_in_the_branches_of_a_condition_do_not_count_for_the_condition() {
        let step: Step = serde_json::from_value(serde_json::json!({
            "Name": "C", "Type": "Condition", "Arguments": {
                "Conditions": [{"Type": "Equals", "LeftValue": {"Get": "Steps.A.x"}, "RightValue": 1}],
                "IfSteps": [{"Name": "B", "Type": "Training", "Arguments": {"y": [{"Get": "Steps.Z.x"}]}}],
            },
        }))
        .unwrap();
        assert_eq!(step.references, ["A"]);
    }

    #[test]
    fn a_step_of_an_unknown_type_is_parsed() {
        let step: Step =
            serde_json::from_value(serde_json::json!({"Name": "N", "Type": "New"})).unwrap();
        assert!(matches!(step.fields.step_type, StepType::Other));
    }
}
