//! Checks a value by its shape. It is stricter than a service, which passes over members that it
//! doesn't know: a job type has no reason to send one.
//!
//! `jsonschema` was considered: an API model is not a JSON Schema.

use crate::shapes::{Range, Shape, Shapes, Text};
use serde_json::Value;
use std::fmt::Display;

/// What a value of the shape with this name violates, each with its path.
pub(crate) fn violations(shapes: &Shapes, shape: &str, value: &Value, path: &str) -> Vec<String> {
    let of = |shape: &str, value: &Value, path: String| violations(shapes, shape, value, &path);
    match (&shapes.shapes[shape], value) {
        (Shape::Structure { members, required }, Value::Object(object)) => {
            let missing = required.iter().filter(|name| !object.contains_key(*name));
            let missing = missing.map(|name| format!("{path}.{name} is missing"));
            let values = object.iter().flat_map(|(name, value)| {
                let path = format!("{path}.{name}");
                match members.get(name) {
                    Some(member) => of(&member.shape, value, path),
                    None => vec![format!("{path} is unknown")],
                }
            });
            missing.chain(values).collect()
        }
        (Shape::List { member, length }, Value::Array(elements)) => {
            let values = elements.iter().enumerate();
            let values = values.flat_map(|(n, one)| of(&member.shape, one, format!("{path}[{n}]")));
            let length = outside(elements.len(), *length, path);
            length.into_iter().chain(values).collect()
        }
        (Shape::Map { key, value, length }, Value::Object(object)) => {
            let entries = object.iter().flat_map(|(name, entry)| {
                let path = format!("{path}.{name}");
                let mut found = of(&key.shape, &Value::from(name.as_str()), path.clone());
                found.extend(of(&value.shape, entry, path));
                found
            });
            let length = outside(object.len(), *length, path);
            length.into_iter().chain(entries).collect()
        }
        (Shape::String(shape), Value::String(text)) => of_text(shapes, shape, text, path),
        (Shape::Integer(range), Value::Number(number)) => {
            match number.as_i64().map(i32::try_from) {
                Some(Ok(number)) => outside(number, *range, path).into_iter().collect(),
                _ => vec![format!("{path} is {number}: no integer of 32 bits")],
            }
        }
        (Shape::Long(range), Value::Number(number)) => match number.as_i64() {
            Some(number) => outside(number, *range, path).into_iter().collect(),
            None => vec![format!("{path} is {number}: no integer of 64 bits")],
        },
        (Shape::Double(range), Value::Number(number)) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            outside(number, *range, path).into_iter().collect()
        }
        (Shape::Boolean, Value::Bool(_)) | (Shape::Timestamp, Value::Number(_)) => Vec::new(),
        _ => vec![format!("{path} is {value}, which has another type")],
    }
}

fn of_text(shapes: &Shapes, shape: &Text, text: &str, path: &str) -> Vec<String> {
    let length = outside(text.chars().count(), shape.length, path);
    let pattern = shape.pattern.as_ref();
    let pattern = pattern.filter(|pattern| !shapes.matches(pattern, text));
    let pattern = pattern.map(|pattern| format!("{path} is {text:?}: not {pattern}"));
    let values = shape.values.as_ref();
    let values = values.filter(|values| !values.iter().any(|value| value == text));
    let values = values.map(|values| format!("{path} is {text:?}: none of {values:?}"));
    [length, pattern, values].into_iter().flatten().collect()
}

fn outside<T: PartialOrd + Display>(value: T, range: Range<T>, path: &str) -> Option<String> {
    let Range { min, max } = range;
    if let Some(min) = min.filter(|min| value < *min) {
        return Some(format!("{path} is or has {value}, less than {min}"));
    }
    let max = max.filter(|max| value > *max)?;
    Some(format!("{path} is or has {value}, more than {max}"))
}
