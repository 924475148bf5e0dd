//! Checks a value against the constraints of its shape, and words each violation as the service does.
//!
//! `jsonschema` was considered: the API model is not a JSON Schema, and clients see the service's own
//! wording and paths.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::shapes::{Range, Shape, ShapeName, Shapes, StringShape};

/// Longer values are cut where a message quotes them.
const LONGEST_QUOTE: usize = 256;

/// A value has another JSON type than its shape.
pub(super) struct WrongType;

/// Every violated constraint in a value of the shape with this name.
pub(super) fn violations(
    shapes: &Shapes,
    shape: &str,
    value: &Value,
) -> Result<Vec<String>, WrongType> {
    let mut check = Check {
        shapes,
        violations: Vec::new(),
    };
    check.value(shape, value, "")?;
    Ok(check.violations)
}

struct Check<'a> {
    shapes: &'a Shapes,
    violations: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, shape: &str, value: &Value, path: &str) -> Result<(), WrongType> {
        let Some(shape) = self.shapes.get(shape) else {
            return Ok(());
        };
        match (shape, value) {
            (Shape::Structure { members, required }, Value::Object(object)) => {
                self.structure(members, required, object, path)
            }
            (Shape::List { member, length }, Value::Array(items)) => {
                self.constraints(value, path, length_violations(items.len(), *length));
                for (item, number) in items.iter().zip(1..) {
                    self.value(&member.shape, item, &format!("{path}.{number}.member"))?;
                }
                Ok(())
            }
            (
                Shape::Map {
                    value: shape,
                    length,
                },
                Value::Object(entries),
            ) => {
                self.constraints(value, path, length_violations(entries.len(), *length));
                for (key, entry) in entries {
                    self.value(&shape.shape, entry, &format!("{path}.{key}"))?;
                }
                Ok(())
            }
            (Shape::String(shape), Value::String(text)) => {
                self.constraints(value, path, string_violations(self.shapes, shape, text));
                Ok(())
            }
            (Shape::Integer(range), Value::Number(number)) => {
                let number = number.as_i64().ok_or(WrongType)?;
                self.constraints(value, path, range_violations("value", number, *range));
                Ok(())
            }
            (Shape::Boolean, Value::Bool(_))
            | (Shape::Timestamp | Shape::Double, Value::Number(_)) => Ok(()),
            _ => Err(WrongType),
        }
    }

    fn structure(
        &mut self,
        members: &BTreeMap<String, ShapeName>,
        required: &[String],
        object: &Map<String, Value>,
        path: &str,
    ) -> Result<(), WrongType> {
        for (name, member) in members {
            let path = member_path(path, name);
            match object.get(name).filter(|value| !value.is_null()) {
                Some(value) => self.value(&member.shape, value, &path)?,
                None if required.contains(name) => self.violations.push(format!(
                    "Value null at '{path}' failed to satisfy constraint: Member must not be null"
                )),
                None => {}
            }
        }
        Ok(())
    }

    fn constraints(&mut self, value: &Value, path: &str, violated: Vec<String>) {
        self.violations.extend(violated.iter().map(|constraint| {
            let value = quote(value);
            format!("Value {value} at '{path}' failed to satisfy constraint: {constraint}")
        }));
    }
}

fn string_violations(shapes: &Shapes, shape: &StringShape, text: &str) -> Vec<String> {
    let mut violated = length_violations(text.chars().count(), shape.length);
    if let Some(pattern) = &shape.pattern
        && !shapes.matches(pattern, text)
    {
        violated.push(format!(
            "Member must satisfy regular expression pattern: {pattern}"
        ));
    }
    if let Some(values) = &shape.values
        && !values.iter().any(|value| value == text)
    {
        violated.push(format!(
            "Member must satisfy enum value set: [{}]",
            values.join(", ")
        ));
    }
    violated
}

fn length_violations(length: usize, range: Range<usize>) -> Vec<String> {
    range_violations("length", length, range)
}

fn range_violations<T: PartialOrd + std::fmt::Display + Copy>(
    measure: &str,
    value: T,
    range: Range<T>,
) -> Vec<String> {
    let mut violated = Vec::new();
    if let Some(min) = range.min.filter(|min| value < *min) {
        violated.push(format!(
            "Member must have {measure} greater than or equal to {min}"
        ));
    }
    if let Some(max) = range.max.filter(|max| value > *max) {
        violated.push(format!(
            "Member must have {measure} less than or equal to {max}"
        ));
    }
    violated
}

/// Paths are written as the service writes them: `pipelineParameters.1.member.name`.
fn member_path(path: &str, member: &str) -> String {
    let mut letters = member.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    let member: String = first.into_iter().chain(letters).collect();
    match path {
        "" => member,
        _ => format!("{path}.{member}"),
    }
}

fn quote(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((cut, _)) => format!("'{}...'", &text[..cut]),
        None => format!("'{text}'"),
    }
}
