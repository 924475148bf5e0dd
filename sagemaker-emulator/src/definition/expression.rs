//! The expressions of a definition, whose values are known when an execution starts.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that is neither a list nor an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
}

impl Scalar {
    /// The value, if it is a number.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Boolean(_) | Self::Text(_) => None,
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// A literal, or a function of the definition language.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Expression {
    Literal(Scalar),
    Get {
        #[serde(rename = "Get")]
        path: String,
    },
    Join {
        #[serde(rename = "Std:Join")]
        join: Join,
    },
    JsonGet {
        #[serde(rename = "Std:JsonGet")]
        json_get: JsonGet,
    },
    /// A function that the emulator doesn't know. Its value is unknown too.
    Unknown(serde::de::IgnoredAny),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Join {
    on: String,
    values: Vec<Expression>,
}

/// Reads a value from a property file that a step wrote.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct JsonGet {
    property_file: PropertyFile,
    path: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PropertyFile {
    #[serde(rename = "Get")]
    path: String,
}

/// The values that expressions of an execution can refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    /// By the path of `Get`, such as `Parameters.InstanceType`.
    pub(crate) variables: BTreeMap<String, Scalar>,
    /// The content of the steps' property files, by `step.property file.path in the file`.
    pub(crate) property_files: BTreeMap<String, Scalar>,
}

impl Values {
    /// The expression's value. `None` if only a real job could produce it.
    pub(crate) fn resolve(&self, expression: &Expression) -> Option<Scalar> {
        match expression {
            Expression::Literal(value) => Some(value.clone()),
            Expression::Get { path } => self.variables.get(path).cloned(),
            Expression::Join { join } => {
                let parts: Vec<String> = join.values.iter().map(|part| self.text(part)).collect();
                Some(Scalar::Text(parts.join(&join.on)))
            }
            Expression::JsonGet { json_get } => {
                let file = json_get.property_file.path.strip_prefix("Steps.")?;
                let file = file.replace(".PropertyFiles.", ".");
                let key = format!("{file}.{}", json_get.path);
                self.property_files.get(&key).cloned()
            }
            Expression::Unknown(_) => None,
        }
    }

    /// The expression's value as text, or an empty text if it is unknown.
    pub(crate) fn text(&self, expression: &Expression) -> String {
        self.resolve(expression)
            .map(|value| value.to_string())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(expression: &str) -> Option<String> {
        let values = Values {
            variables: BTreeMap::from([("Parameters.Rate".to_owned(), Scalar::Float(0.75))]),
            property_files: BTreeMap::from([("Step.Report.a.b".to_owned(), Scalar::Integer(3))]),
        };
        let expression: Expression = serde_json::from_str(expression).unwrap();
        values.resolve(&expression).map(|value| value.to_string())
    }

    #[test]
    fn a_join_combines_literals_and_parameters() {
        let join = r#"{"Std:Join":{"On":"-","Values":["a",{"Get":"Parameters.Rate"},1]}}"#;
        assert_eq!(resolve(join).as_deref(), Some("a-0.75-1"));
    }

    #[test]
    fn a_value_is_read_from_a_property_file_of_a_step() {
        let get = r#"{"Std:JsonGet":{"PropertyFile":{"Get":"Steps.Step.PropertyFiles.Report"},"Path":"a.b"}}"#;
        assert_eq!(resolve(get).as_deref(), Some("3"));
    }

    #[test]
    fn a_property_of_a_step_is_unknown() {
        assert_eq!(resolve(r#"{"Get":"Steps.A.ModelName"}"#), None);
        assert_eq!(resolve(r#"{"Std:New":[]}"#), None);
    }
}
