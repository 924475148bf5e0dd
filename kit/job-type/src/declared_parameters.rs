//! Compares a job's parameters with those that the platform's job declares.

use std::borrow::Cow;

use crate::contract::{DeclaredParameter, Direction, Parameter, Severity};
use crate::data_type::DataType;
use crate::finding_code::{FindingCode, Problem};
use crate::findings::Findings;

/// Who declares parameters, and how much that counts.
#[derive(Debug, Clone, Copy)]
pub struct Declarer {
    /// What the platform calls its job: `pipeline`.
    pub name: &'static str,
    /// The name under which a parameter is sent; `None` for one that isn't. Names that are sent under the
    /// same name are the same.
    pub sent_as: fn(&str) -> Option<Cow<'_, str>>,
    /// An error where the platform refuses what differs from the declarations, else a warning.
    pub severity: Severity,
}

/// Checks names, types and allowed values of the inputs, and that required ones have a value.
pub fn check(
    declarer: Declarer,
    parameters: &[Parameter],
    declared: &[DeclaredParameter],
    findings: &mut Findings,
) {
    let mut differs = |code, field: &str, message: String| match declarer.severity {
        Severity::Error => findings.problem(field, Problem::new(code, message)),
        Severity::Warning => findings.warning(code, field, message),
    };
    let is_same = |one: &str, other: &str| (declarer.sent_as)(one) == (declarer.sent_as)(other);
    let sent = || {
        parameters
            .iter()
            .filter(|parameter| parameter.direction != Direction::Output)
            .filter(|parameter| (declarer.sent_as)(&parameter.name).is_some())
    };
    for parameter in sent() {
        let field = format!("parameters.{}", parameter.name);
        let Some(declaration) = declared.iter().find(|d| is_same(&d.name, &parameter.name)) else {
            differs(
                FindingCode::NotDeclared,
                &field,
                not_declared(declarer, declared),
            );
            continue;
        };
        let Some(value) = parameter.value.as_deref().filter(|v| !v.is_empty()) else {
            continue;
        };
        if let Some((code, message)) = wrong_value(value, declaration) {
            differs(code, &field, message);
        }
    }
    for declaration in declared.iter().filter(|d| d.required) {
        let has_value = sent().any(|p| is_same(&p.name, &declaration.name) && p.value.is_some());
        if !has_value {
            differs(
                FindingCode::Missing,
                &format!("parameters.{}", declaration.name),
                format!(
                    "needs a value: the {} declares no default for it",
                    declarer.name
                ),
            );
        }
    }
}

/// What is wrong with the value of a declared parameter.
fn wrong_value(value: &str, declaration: &DeclaredParameter) -> Option<(FindingCode, String)> {
    let data_type = DataType::parse(&declaration.data_type);
    let allowed = &declaration.allowed_values;
    if !data_type.accepts(value) {
        let example = example(&data_type);
        let message = format!("is {value:?}, but is declared as {example}");
        Some((wrong_type(&data_type), message))
    } else if !allowed.is_empty() && !allowed.iter().any(|it| it == value) {
        let allowed = allowed.join(", ");
        let message = format!("is {value:?}, which is not among the allowed values: {allowed}");
        Some((FindingCode::NotAllowed, message))
    } else {
        None
    }
}

fn not_declared(declarer: Declarer, declared: &[DeclaredParameter]) -> String {
    let name = declarer.name;
    if declared.is_empty() {
        return format!("is not declared by the {name}, which declares no parameters");
    }
    let names: Vec<_> = declared.iter().map(|d| d.name.as_str()).collect();
    format!(
        "is not declared by the {name}, which declares {}",
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

/// A type with its article and an example.
fn example(data_type: &DataType) -> &str {
    match data_type {
        DataType::String => "a String",
        DataType::Integer => "an Integer, such as 42",
        DataType::Float => "a Float, such as 0.5",
        DataType::Boolean => "a Boolean: true or false",
        DataType::Other(word) => word,
    }
}
