//! Compares a job's parameters with those that the pipeline declares.

use job_type_kit::contract::{DeclaredParameter, Direction, Parameter};
use job_type_kit::{DataType, FindingCode, Findings};

/// Checks names, types and allowed values of the inputs, and that required ones have a value.
pub fn check(parameters: &[Parameter], declared: &[DeclaredParameter], findings: &mut Findings) {
    let sent = || {
        parameters
            .iter()
            .filter(|parameter| parameter.direction != Direction::Output)
    };
    for parameter in sent() {
        let field = format!("parameters.{}", parameter.name);
        let Some(declaration) = declared.iter().find(|d| d.name == parameter.name) else {
            findings.error(FindingCode::NotDeclared, &field, not_declared(declared));
            continue;
        };
        let Some(value) = parameter.value.as_deref().filter(|v| !v.is_empty()) else {
            continue;
        };
        let data_type = DataType::parse(&declaration.data_type);
        if !data_type.accepts(value) {
            findings.error(
                wrong_type(&data_type),
                &field,
                format!("is {value:?}, but is declared as {}", example(&data_type)),
            );
        } else if !declaration.allowed_values.is_empty()
            && !declaration.allowed_values.iter().any(|v| v == value)
        {
            findings.error(
                FindingCode::NotAllowed,
                &field,
                format!(
                    "is {value:?}, which is not among the allowed values: {}",
                    declaration.allowed_values.join(", ")
                ),
            );
        }
    }
    for declaration in declared.iter().filter(|d| d.required) {
        let has_value = sent().any(|p| p.name == declaration.name && p.value.is_some());
        if !has_value {
            findings.error(
                FindingCode::Missing,
                format!("parameters.{}", declaration.name),
                "needs a value: the pipeline declares no default for it",
            );
        }
    }
}

fn not_declared(declared: &[DeclaredParameter]) -> String {
    if declared.is_empty() {
        return "is not declared by the pipeline, which declares no parameters".to_owned();
    }
    let names: Vec<_> = declared.iter().map(|d| d.name.as_str()).collect();
    format!(
        "is not declared by the pipeline, which declares {}",
        names.join(", ")
    )
}

/// What is wrong with a text that isn't a value of this type.
fn wrong_type(data_type: &DataType) -> FindingCode {
    match data_type {
        DataType::Integer => FindingCode::NotAnInteger,
        DataType::Float => FindingCode::NotANumber,
        DataType::Boolean => FindingCode::NotABoolean,
        // These take any text.
        DataType::String | DataType::Other(_) => FindingCode::NotAllowed,
    }
}

/// A type with its article and an example, in SageMaker's words.
fn example(data_type: &DataType) -> &str {
    match data_type {
        DataType::String => "a String",
        DataType::Integer => "an Integer, such as 42",
        DataType::Float => "a Float, such as 0.5",
        DataType::Boolean => "a Boolean: true or false",
        DataType::Other(word) => word,
    }
}
