//! The parameters that a pipeline definition declares.
//!
//! Source: the definition's `Parameters` as the SageMaker SDK writes them. A parameter without `Type`
//! is a String, and one without `DefaultValue` is required. A default may have another JSON type than
//! the declared one.

use aws_kit::json;
use job_type_kit::DataType;
use job_type_kit::contract::DeclaredParameter;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Why the parameters of a definition can't be read.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// The definition is not JSON, or has another shape.
    #[error("the pipeline definition can't be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A parameter lacks its name.
    #[error("the pipeline definition can't be read: a parameter has no Name")]
    Nameless,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Definition<'a> {
    #[serde(borrow, deserialize_with = "json::objects")]
    parameters: Vec<Declaration<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Declaration<'a> {
    name: Option<String>,
    #[serde(rename = "Type")]
    data_type: Option<String>,
    #[serde(borrow)]
    default_value: Option<&'a RawValue>,
    #[serde(borrow)]
    enum_values: Option<Vec<&'a RawValue>>,
    description: Option<String>,
}

/// Reads the parameters, in declared order.
///
/// # Errors
/// Where the text is not a definition.
pub fn parameters(definition: &str) -> Result<Vec<DeclaredParameter>, DefinitionError> {
    let definition: Definition<'_> = json::from_str(definition.trim_start_matches('\u{feff}'))?;
    definition.parameters.into_iter().map(parameter).collect()
}

fn parameter(declaration: Declaration<'_>) -> Result<DeclaredParameter, DefinitionError> {
    let data_type = match declaration.data_type.as_deref() {
        None | Some("String") => DataType::String,
        Some("Integer") => DataType::Integer,
        Some("Float") => DataType::Float,
        Some("Boolean") => DataType::Boolean,
        Some(other) => DataType::Other(other.to_owned()),
    };
    Ok(DeclaredParameter {
        name: declaration.name.ok_or(DefinitionError::Nameless)?,
        data_type: data_type.to_string(),
        required: declaration.default_value.is_none(),
        default_value: declaration.default_value.map(literal),
        allowed_values: declaration
            .enum_values
            .unwrap_or_default()
            .into_iter()
            .map(literal)
            .collect(),
        description: declaration.description,
    })
}

/// A JSON value as the text that a start sends for it: a string without its quotes, any other value
/// as it is written.
fn literal(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(declaration: &str) -> DeclaredParameter {
        parameters(&format!(r#"{{"Parameters": [{declaration}]}}"#))
            .unwrap()
            .remove(0)
    }

    #[test]
    fn a_parameter_has_name_type_default_and_allowed_values() {
        let parameter = one(
            r#"{"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.xlarge",
                "EnumValues": ["ml.m5.xlarge", "ml.c5.xlarge"]}"#,
        );
        assert_eq!(parameter.name, "InstanceType");
        assert_eq!(parameter.data_type, "string");
        assert_eq!(parameter.default_value.as_deref(), Some("ml.m5.xlarge"));
        assert_eq!(parameter.allowed_values, ["ml.m5.xlarge", "ml.c5.xlarge"]);
        assert!(!parameter.required);
    }

    #[test]
    fn a_parameter_without_a_default_is_required_and_without_a_type_a_string() {
        let parameter = one(r#"{"Name": "InputDataUrl"}"#);
        assert!(parameter.required);
        assert_eq!(parameter.data_type, "string");
        assert!(one(r#"{"Name": "a", "DefaultValue": null}"#).required);
    }

    #[test]
    fn a_default_value_is_read_exactly_as_it_is_written() {
        for (json, text) in [
            ("0.75", "0.75"),
            ("6", "6"),
            (r#""100""#, "100"),
            ("false", "false"),
            ("1e-5", "1e-5"),
            (r#""\u65e5\u672c \"q\" \\ \n""#, "日本 \"q\" \\ \n"),
            (r#""""#, ""),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
            (r#"{"a": [1]}"#, r#"{"a": [1]}"#),
        ] {
            let parameter = one(&format!(
                r#"{{"Name": "p", "Type": "Float", "DefaultValue": {json}}}"#
            ));
            assert_eq!(parameter.default_value.as_deref(), Some(text), "{json}");
        }
    }

    #[test]
    fn parameters_may_be_absent_empty_or_null() {
        for definition in [
            "{}",
            r#"{"Parameters": []}"#,
            r#"{"Parameters": null}"#,
            "\u{feff}{}",
        ] {
            assert_eq!(parameters(definition).unwrap(), [], "{definition}");
        }
    }

    #[test]
    fn types_and_members_of_later_releases_are_read() {
        let parameter =
            one(r#"{"Name": "p", "Type": "Duration", "DefaultValue": 1, "Unit": {"a": []}}"#);
        assert_eq!(parameter.data_type, "Duration");
    }

    #[test]
    fn the_last_of_two_equal_members_counts() {
        let parameter = one(r#"{"Name": "A", "Name": "B", "Type": "Float", "Type": "Integer"}"#);
        assert_eq!(parameter.name, "B");
        assert_eq!(parameter.data_type, "integer");
        let definition = r#"{"Parameters": [{"Name": "A"}], "Parameters": [{"Name": "B"}]}"#;
        assert_eq!(parameters(definition).unwrap()[0].name, "B");
    }

    #[test]
    fn steps_of_any_depth_are_passed_over() {
        let depth = 200_000;
        let definition = format!(
            r#"{{"Steps": {}{}, "Parameters": [{{"Name": "p"}}]}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        );
        assert_eq!(parameters(&definition).unwrap().len(), 1);
    }

    #[test]
    fn a_text_that_is_not_a_definition_is_an_error_and_not_an_overflow() {
        let deep = format!(r#"{{"Parameters": [{{"Name": {}"#, "[".repeat(200_000));
        let deep_default = format!(
            r#"{{"Parameters": [{{"Name": "p", "DefaultValue": {}"#,
            "[".repeat(200_000)
        );
        for definition in [
            "",
            "[]",
            "s3://bucket/key",
            r#"{"Parameters": {}}"#,
            r#"{"Parameters": [{}]}"#,
            &deep,
            &deep_default,
        ] {
            assert!(parameters(definition).is_err(), "{:.40}", definition);
        }
    }
}
