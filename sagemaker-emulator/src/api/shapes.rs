//! The shapes of the API model: the document that AWS publishes, parsed.

use std::collections::{BTreeMap, HashMap};

use regex::Regex;
use serde::Deserialize;

use super::operation::Operation;

/// The shapes of all inputs and outputs.
pub(super) struct Shapes {
    operations: HashMap<Operation, OperationShapes>,
    shapes: HashMap<String, Shape>,
    patterns: HashMap<String, Regex>,
}

#[derive(Deserialize)]
struct Document {
    operations: HashMap<Operation, OperationShapes>,
    shapes: HashMap<String, Shape>,
}

#[derive(Deserialize)]
struct OperationShapes {
    input: ShapeName,
    #[cfg(test)]
    output: ShapeName,
}

/// A reference to a shape.
#[derive(Deserialize)]
pub(super) struct ShapeName {
    pub(super) shape: String,
}

/// A type of the API model with its constraints.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Shape {
    Structure {
        members: BTreeMap<String, ShapeName>,
        #[serde(default)]
        required: Vec<String>,
    },
    List {
        member: ShapeName,
        #[serde(flatten)]
        length: Range<usize>,
    },
    Map {
        value: ShapeName,
        #[serde(flatten)]
        length: Range<usize>,
    },
    String(StringShape),
    #[serde(alias = "long")]
    Integer(Range<i64>),
    Double,
    Boolean,
    Timestamp,
}

#[derive(Deserialize)]
pub(super) struct StringShape {
    /// In characters.
    #[serde(flatten)]
    pub(super) length: Range<usize>,
    /// A regular expression of Java's.
    pub(super) pattern: Option<String>,
    #[serde(rename = "enum")]
    pub(super) values: Option<Vec<String>>,
}

/// The least and the greatest value allowed.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct Range<T> {
    pub(super) min: Option<T>,
    pub(super) max: Option<T>,
}

impl Shapes {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut patterns = HashMap::new();
        for shape in document.shapes.values() {
            if let Shape::String(StringShape {
                pattern: Some(pattern),
                ..
            }) = shape
            {
                let regex = Regex::new(&translate(pattern)).map_err(|error| error.to_string())?;
                patterns.insert(pattern.clone(), regex);
            }
        }
        Ok(Self {
            operations: document.operations,
            shapes: document.shapes,
            patterns,
        })
    }

    /// The name of the shape of an operation's input.
    pub(super) fn input(&self, operation: Operation) -> Option<&str> {
        let shapes = self.operations.get(&operation)?;
        Some(&shapes.input.shape)
    }

    /// The name of the shape of an operation's output.
    #[cfg(test)]
    pub(super) fn output(&self, operation: Operation) -> Option<&str> {
        let shapes = self.operations.get(&operation)?;
        Some(&shapes.output.shape)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Shape> {
        self.shapes.get(name)
    }

    /// Whether the whole text matches one of the model's patterns.
    pub(super) fn matches(&self, pattern: &str, text: &str) -> bool {
        let regex = self.patterns.get(pattern);
        regex.is_none_or(|regex| regex.is_match(text))
    }
}

/// The model's patterns are Java's and match the whole value: `\d` is an ASCII digit, `\w` an ASCII
/// letter, digit or underscore, `.` stops at any of Java's line terminators, and the characters beyond
/// U+FFFF are written as two surrogates.
fn translate(pattern: &str) -> String {
    let pattern = pattern
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[A-Za-z0-9_]")
        .replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\u{10000}-\u{10FFFF}")
        .replace(".*", r"[^\n\r\u{85}\u{2028}\u{2029}]*");
    format!("^(?:{pattern})$")
}
