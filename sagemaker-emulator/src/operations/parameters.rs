//! The parameters of a start, checked against their declarations.

use super::messages::Parameter;
use crate::api::error::ServiceError;
use crate::definition::expression::Scalar;
use crate::definition::{Definition, ParameterDeclaration};

/// A declared parameter with its value in an execution.
#[derive(Debug)]
pub(super) struct EffectiveParameter {
    pub(super) name: String,
    pub(super) value: Scalar,
}

/// Combines the given values with the defaults, and refuses what the service refuses.
pub(super) fn effective(
    definition: &Definition,
    given: &[Parameter],
) -> Result<Vec<EffectiveParameter>, ServiceError> {
    let declared = definition.parameters();
    let undeclared: Vec<&str> = given
        .iter()
        .map(|parameter| parameter.name.as_str())
        .filter(|name| !declared.iter().any(|declaration| declaration.name == *name))
        .collect();
    if !undeclared.is_empty() {
        return Err(ServiceError::validation(format!(
            "Unknown pipeline parameters: [{}]. The pipeline definition does not declare them.",
            undeclared.join(", ")
        )));
    }
    let missing: Vec<&str> = declared
        .iter()
        .filter(|declaration| declaration.default_value.is_none())
        .map(|declaration| declaration.name.as_str())
        .filter(|name| !given.iter().any(|parameter| parameter.name == *name))
        .collect();
    if !missing.is_empty() {
        return Err(ServiceError::validation(format!(
            "Pipeline parameters without a default value must be given: [{}].",
            missing.join(", ")
        )));
    }
    declared
        .iter()
        .map(|declaration| {
            let value = effective_value(declaration, given)?;
            Ok(EffectiveParameter {
                name: declaration.name.clone(),
                value,
            })
        })
        .collect()
}

/// Refuses parameters that are invalid for every pipeline.
pub(super) fn check_given(given: &[Parameter]) -> Result<(), ServiceError> {
    for (position, parameter) in given.iter().enumerate() {
        let name = &parameter.name;
        if parameter.value.is_empty() {
            return Err(ServiceError::validation(format!(
                "The value of pipeline parameter '{name}' is too short (length: 0, required \
                 minimum: 1)"
            )));
        }
        if given
            .iter()
            .take(position)
            .any(|earlier| earlier.name == *name)
        {
            return Err(ServiceError::validation(format!(
                "Pipeline parameter '{name}' is given more than once."
            )));
        }
    }
    Ok(())
}

fn effective_value(
    declaration: &ParameterDeclaration,
    given: &[Parameter],
) -> Result<Scalar, ServiceError> {
    let name = &declaration.name;
    let given = given.iter().find(|parameter| parameter.name == *name);
    let text = match (given, &declaration.default_value) {
        (Some(parameter), _) => parameter.value.clone(),
        (None, Some(default)) => default.to_string(),
        (None, None) => String::new(),
    };
    if let Some(allowed) = &declaration.enum_values {
        let allowed: Vec<String> = allowed.iter().map(Scalar::to_string).collect();
        if !allowed.contains(&text) {
            return Err(ServiceError::validation(format!(
                "The value '{text}' of pipeline parameter '{name}' is not one of its enum values: \
                 [{}].",
                allowed.join(", ")
            )));
        }
    }
    declaration.parameter_type.parse(&text).ok_or_else(|| {
        ServiceError::validation(format!(
            "The value '{text}' of pipeline parameter '{name}' is not of its declared type {:?}.",
            declaration.parameter_type
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &str = r#"{"Steps":[],"Parameters":[
        {"Name":"Text"},
        {"Name":"Kind","Type":"String","DefaultValue":"a","EnumValues":["a","b"]},
        {"Name":"Count","Type":"Integer","DefaultValue":1},
        {"Name":"Rate","Type":"Float","DefaultValue":6},
        {"Name":"Flag","Type":"Boolean","DefaultValue":false}]}"#;

    fn values(pairs: &[(&str, &str)]) -> Result<String, String> {
        let given: Vec<Parameter> = pairs
            .iter()
            .map(|(name, value)| Parameter {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        let definition = Definition::parse(DECLARED).unwrap();
        check_given(&given)
            .and_then(|()| effective(&definition, &given))
            .map(|parameters| {
                let values: Vec<String> = parameters
                    .iter()
                    .map(|parameter| parameter.value.to_string())
                    .collect();
                values.join(" ")
            })
            .map_err(|error| error.message)
    }

    fn assert_refused(pair: (&str, &str), reason: &str) {
        let error = values(&[("Text", "x"), pair]).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn parameters_that_are_not_given_have_their_defaults() {
        assert_eq!(values(&[("Text", "x")]).unwrap(), "x a 1 6.0 false");
        let all = [
            ("Text", "x"),
            ("Kind", "b"),
            ("Count", "-2"),
            ("Rate", "1e3"),
            ("Flag", "True"),
        ];
        assert_eq!(values(&all).unwrap(), "x b -2 1000.0 true");
    }

    #[test]
    fn a_parameter_without_a_default_has_to_be_given() {
        assert!(values(&[]).unwrap_err().contains("[Text]"));
    }

    #[test]
    fn a_value_has_to_be_of_the_declared_type() {
        assert_refused(("Count", "1.5"), "type Integer");
        assert_refused(("Count", "many"), "type Integer");
        assert_refused(("Rate", "fast"), "type Float");
        assert_refused(("Flag", "yes"), "type Boolean");
        assert_refused(("Kind", "c"), "[a, b]");
    }

    #[test]
    fn unknown_empty_and_duplicate_parameters_are_refused() {
        assert_refused(("Other", "x"), "[Other]");
        assert_refused(("Kind", ""), "too short (length: 0, required minimum: 1)");
        assert_refused(("Text", "y"), "more than once");
    }
}
