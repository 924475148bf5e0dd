//! The shapes of an API model: the document that AWS publishes, parsed.

use crate::patterns::translated;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Java's `.*`: its dot stops at any of these line ends.
const ANY: &str = r"[^\n\r\u{85}\u{2028}\u{2029}]*";

#[derive(Debug, Deserialize)]
pub(crate) struct Shapes {
    pub(crate) operations: BTreeMap<String, OperationShapes>,
    pub(crate) shapes: BTreeMap<String, Shape>,
    /// The model's patterns, for a whole text.
    #[serde(skip)]
    patterns: BTreeMap<String, Regex>,
}

impl Shapes {
    pub(crate) fn read(json: &str) -> Self {
        let mut read: Self = serde_json::from_str(json).unwrap();
        let pattern = |shape: &Shape| match shape {
            Shape::String(Text { pattern, .. }) => pattern.clone(),
            _ => None,
        };
        let patterns = read.shapes.values().filter_map(pattern);
        let compiled = patterns.map(|pattern| {
            let whole = format!("^(?:{})$", translated(&pattern, ANY));
            let compiled = Regex::new(&whole).unwrap();
            (pattern, compiled)
        });
        read.patterns = compiled.collect();
        read
    }

    /// Whether the whole text matches one of the model's patterns.
    pub(crate) fn matches(&self, pattern: &str, text: &str) -> bool {
        self.patterns[pattern].is_match(text)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct OperationShapes {
    pub(crate) input: ShapeName,
    pub(crate) output: ShapeName,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ShapeName {
    pub(crate) shape: String,
}

/// The least and the greatest value allowed: of a number, or of a length.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Range<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(crate) enum Shape {
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
        key: ShapeName,
        value: ShapeName,
        #[serde(flatten)]
        length: Range<usize>,
    },
    String(Text),
    Integer(Range<i32>),
    Long(Range<i64>),
    Double(Range<f64>),
    Boolean,
    Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Text {
    /// In characters.
    #[serde(flatten)]
    pub(crate) length: Range<usize>,
    /// A regular expression of Java's.
    pub(crate) pattern: Option<String>,
    #[serde(rename = "enum")]
    pub(crate) values: Option<Vec<String>>,
}
