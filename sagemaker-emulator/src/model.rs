//! The API model: checks a request against the constraints of its shape, and words the refusal as
//! the service does.

use std::collections::{BTreeMap, HashMap};

use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::errors::{ServiceError, StartError};
use crate::operation::Operation;

/// Longer values are cut where a message quotes them.
const LONGEST_QUOTE: usize = 256;

/// The API model: the operations' inputs and outputs, and the shapes they are made of.
pub struct Model {
    operations: HashMap<Operation, OperationShapes>,
    shapes: HashMap<String, Shape>,
    patterns: HashMap<String, Regex>,
}

#[derive(Deserialize)]
struct ModelFile {
    operations: HashMap<Operation, OperationShapes>,
    shapes: HashMap<String, Shape>,
}

#[derive(Deserialize)]
struct OperationShapes {
    input: ShapeName,
    #[cfg(test)]
    output: ShapeName,
}

#[derive(Deserialize)]
struct ShapeName {
    shape: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Shape {
    Structure {
        members: BTreeMap<String, ShapeName>,
        #[serde(default)]
        required: Vec<String>,
    },
    List {
        member: ShapeName,
        min: Option<usize>,
        max: Option<usize>,
    },
    Map {
        value: ShapeName,
        min: Option<usize>,
        max: Option<usize>,
    },
    String {
        min: Option<usize>,
        max: Option<usize>,
        pattern: Option<String>,
        #[serde(rename = "enum")]
        words: Option<Vec<String>>,
    },
    #[serde(alias = "long")]
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    Boolean,
    Timestamp,
}

/// A value that is of another JSON type than its shape.
struct WrongType;

impl Model {
    /// The model as AWS publishes it, without its documentation.
    pub const JSON: &str = include_str!("../model/service-model.json");

    /// Reads the model that is built in.
    ///
    /// # Errors
    /// It is broken.
    pub fn load() -> Result<Self, StartError> {
        let file: ModelFile = serde_json::from_str(Self::JSON)
            .map_err(|error| StartError::Model(error.to_string()))?;
        let mut patterns = HashMap::new();
        for shape in file.shapes.values() {
            let Shape::String {
                pattern: Some(pattern),
                ..
            } = shape
            else {
                continue;
            };
            let regex = Regex::new(&translated(pattern))
                .map_err(|error| StartError::Model(error.to_string()))?;
            patterns.insert(pattern.clone(), regex);
        }
        Ok(Self {
            operations: file.operations,
            shapes: file.shapes,
            patterns,
        })
    }

    /// What the service would refuse a request's body with, if it would: for tests of clients.
    pub fn refusal(&self, operation: Operation, body: &Value) -> Option<String> {
        let refused = self.check_input(operation, body);
        refused.err().map(|error| error.message)
    }

    /// Checks a request's body. Members that the model doesn't know are let pass, as AWS does.
    pub(crate) fn check_input(
        &self,
        operation: Operation,
        body: &Value,
    ) -> Result<(), ServiceError> {
        match self.operations.get(&operation) {
            Some(shapes) => self.check_whole(&shapes.input.shape, body),
            None => Ok(()),
        }
    }

    /// Checks an answer's body against what the model promises to clients.
    #[cfg(test)]
    pub(crate) fn check_output(
        &self,
        operation: Operation,
        body: &Value,
    ) -> Result<(), ServiceError> {
        self.check_whole(&self.operations[&operation].output.shape, body)
    }

    /// Whether a value fits the shape of this name.
    pub(crate) fn accepts(&self, shape: &str, value: &str) -> bool {
        self.check_whole(shape, &Value::from(value)).is_ok()
    }

    fn check_whole(&self, shape: &str, body: &Value) -> Result<(), ServiceError> {
        let mut violations = Vec::new();
        self.check(shape, body, "", &mut violations)
            .map_err(|WrongType| {
                ServiceError::serialization("a member's value is not of the member's type")
            })?;
        let errors = match violations.len() {
            0 => return Ok(()),
            1 => "1 validation error".to_owned(),
            count => format!("{count} validation errors"),
        };
        Err(ServiceError::validation(format!(
            "{errors} detected: {}",
            violations.join("; ")
        )))
    }

    fn check(
        &self,
        shape: &str,
        value: &Value,
        path: &str,
        violations: &mut Vec<String>,
    ) -> Result<(), WrongType> {
        let Some(shape) = self.shapes.get(shape) else {
            return Ok(());
        };
        let mut violation = |constraint: String| {
            violations.push(format!(
                "Value {} at '{path}' failed to satisfy constraint: {constraint}",
                quoted(value)
            ));
        };
        match (shape, value) {
            (Shape::Structure { members, required }, Value::Object(object)) => {
                return self.check_structure(members, required, object, path, violations);
            }
            (Shape::List { member, min, max }, Value::Array(items)) => {
                check_length(items.len(), *min, *max, &mut violation);
                for (item, number) in items.iter().zip(1..) {
                    let path = format!("{path}.{number}.member");
                    self.check(&member.shape, item, &path, violations)?;
                }
            }
            (Shape::Map { value, min, max }, Value::Object(entries)) => {
                check_length(entries.len(), *min, *max, &mut violation);
                for (key, entry) in entries {
                    self.check(&value.shape, entry, &format!("{path}.{key}"), violations)?;
                }
            }
            (
                Shape::String {
                    min,
                    max,
                    pattern,
                    words,
                },
                Value::String(text),
            ) => {
                check_length(text.chars().count(), *min, *max, &mut violation);
                if let Some(pattern) = pattern
                    && let Some(regex) = self.patterns.get(pattern)
                    && !regex.is_match(text)
                {
                    violation(format!(
                        "Member must satisfy regular expression pattern: {pattern}"
                    ));
                }
                if let Some(words) = words
                    && !words.contains(text)
                {
                    violation(format!(
                        "Member must satisfy enum value set: [{}]",
                        words.join(", ")
                    ));
                }
            }
            (Shape::Integer { min, max }, Value::Number(number)) => {
                let number = number.as_i64().ok_or(WrongType)?;
                if let Some(min) = min.filter(|min| number < *min) {
                    violation(format!(
                        "Member must have value greater than or equal to {min}"
                    ));
                }
                if let Some(max) = max.filter(|max| number > *max) {
                    violation(format!(
                        "Member must have value less than or equal to {max}"
                    ));
                }
            }
            (Shape::Boolean, Value::Bool(_)) | (Shape::Timestamp, Value::Number(_)) => {}
            _ => return Err(WrongType),
        }
        Ok(())
    }

    fn check_structure(
        &self,
        members: &BTreeMap<String, ShapeName>,
        required: &[String],
        object: &Map<String, Value>,
        path: &str,
        violations: &mut Vec<String>,
    ) -> Result<(), WrongType> {
        for (name, member) in members {
            let path = member_path(path, name);
            match object.get(name).filter(|value| !value.is_null()) {
                Some(value) => self.check(&member.shape, value, &path, violations)?,
                None if required.contains(name) => violations.push(format!(
                    "Value null at '{path}' failed to satisfy constraint: Member must not be null"
                )),
                None => {}
            }
        }
        Ok(())
    }
}

/// The model's patterns are Java's and mean the whole value: `\d` is an ASCII digit, and `.` stops
/// at any of Java's line terminators.
fn translated(pattern: &str) -> String {
    let pattern = pattern
        .replace(r"\d", "[0-9]")
        .replace(".*", r"[^\n\r\u{85}\u{2028}\u{2029}]*");
    format!("^(?:{pattern})$")
}

fn check_length(
    length: usize,
    min: Option<usize>,
    max: Option<usize>,
    violation: &mut impl FnMut(String),
) {
    if let Some(min) = min.filter(|min| length < *min) {
        violation(format!(
            "Member must have length greater than or equal to {min}"
        ));
    }
    if let Some(max) = max.filter(|max| length > *max) {
        violation(format!(
            "Member must have length less than or equal to {max}"
        ));
    }
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

fn quoted(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((cut, _)) => format!("'{}...'", &text[..cut]),
        None => format!("'{text}'"),
    }
}
