//! The parameters that a pipeline definition declares.
//!
//! Source: the definition's `Parameters` as the SageMaker SDK writes them. `Type` may be missing
//! (String); no `DefaultValue` means required; a default may be of another JSON type than declared.

use crate::aws::json::{Json, JsonError, Object};
use crate::job::{DataType, DeclaredParameter};
use serde_json::value::RawValue;

/// Why a definition tells no parameters.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// It is no JSON, or of another shape.
    #[error("the pipeline definition can't be read: {0}")]
    Json(#[from] JsonError),
    /// A parameter without what it is known by.
    #[error("the pipeline definition can't be read: a parameter has no Name")]
    Nameless,
}

/// The parameters, in declared order.
pub fn parameters(definition: &str) -> Result<Vec<DeclaredParameter>, DefinitionError> {
    let definition = definition.trim_start_matches('\u{feff}');
    let declarations = Object::parse(definition)?.elements("Parameters")?;
    let mut parameters = Vec::with_capacity(declarations.len());
    for declaration in declarations {
        let declaration = Object::called(declaration.get(), "an element of Parameters")?;
        parameters.push(parameter(&declaration)?);
    }
    Ok(parameters)
}

fn parameter(declaration: &Object<'_>) -> Result<DeclaredParameter, DefinitionError> {
    let default_value = declaration
        .member("DefaultValue")
        .filter(|value| value.get() != "null")
        .map(literal);
    Ok(DeclaredParameter {
        name: declaration.text("Name")?.ok_or(DefinitionError::Nameless)?,
        data_type: match declaration.text("Type")?.as_deref() {
            None | Some("String") => DataType::String,
            Some("Integer") => DataType::Integer,
            Some("Float") => DataType::Float,
            Some("Boolean") => DataType::Boolean,
            Some(other) => DataType::Other(other.to_owned()),
        },
        required: default_value.is_none(),
        default_value,
        allowed_values: declaration
            .elements("EnumValues")?
            .into_iter()
            .map(literal)
            .collect(),
        description: declaration.text("Description")?,
    })
}

/// A JSON value as the text that a start would send for it: a string without its quotes, anything
/// else as it is written.
fn literal(value: &RawValue) -> String {
    match Json::parse(value.get()) {
        Ok(Json::Text(text)) => text.into_owned(),
        _ => value.get().to_owned(),
    }
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
        assert_eq!(parameter.data_type, DataType::String);
        assert_eq!(parameter.default_value.as_deref(), Some("ml.m5.xlarge"));
        assert_eq!(parameter.allowed_values, ["ml.m5.xlarge", "ml.c5.xlarge"]);
        assert!(!parameter.required);
    }

    #[test]
    fn a_parameter_without_a_default_is_required_and_without_a_type_a_string() {
        let parameter = one(r#"{"Name": "InputDataUrl"}"#);
        assert!(parameter.required);
        assert_eq!(parameter.data_type, DataType::String);
        assert!(one(r#"{"Name": "a", "DefaultValue": null}"#).required);
    }

    #[test]
    fn a_default_keeps_its_letters() {
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
    fn types_and_members_of_tomorrow_are_taken() {
        let parameter =
            one(r#"{"Name": "p", "Type": "Duration", "DefaultValue": 1, "Unit": {"a": []}}"#);
        assert_eq!(parameter.data_type, DataType::Other("Duration".to_owned()));
    }

    #[test]
    fn of_a_member_that_is_there_twice_the_last_counts() {
        let parameter = one(r#"{"Name": "A", "Name": "B", "Type": "Float", "Type": "Integer"}"#);
        assert_eq!(parameter.name, "B");
        assert_eq!(parameter.data_type, DataType::Integer);
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
    fn what_is_no_definition_is_an_error_and_no_overflow() {
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
