//! The types of declared parameters, and whether a text is a value of one.

use std::fmt;

use crate::contract::DeclaredParameter;

/// What values a declared parameter takes: a word of `declared-parameter.data-type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataType {
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// A number that a double can hold.
    Float,
    /// `true` or `false`, in any case.
    Boolean,
    /// A word that this version does not know. It takes any text.
    Other(String),
}

impl DataType {
    /// Reads the contract's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "string" => Self::String,
            "integer" => Self::Integer,
            "float" => Self::Float,
            "boolean" => Self::Boolean,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The narrowest type that a text is a value of, for a platform that declares no types.
    pub fn of_value(value: &str) -> Self {
        [Self::Boolean, Self::Integer, Self::Float]
            .into_iter()
            .find(|data_type| data_type.accepts(value))
            .unwrap_or(Self::String)
    }

    /// Whether a text is a value of this type.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::String | Self::Other(_) => true,
            Self::Integer => is_integer(value),
            Self::Float => is_float(value),
            Self::Boolean => ["true", "false"]
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word)),
        }
    }
}

impl DeclaredParameter {
    /// A parameter of a platform that declares a default and nothing else. An empty default isn't
    /// suggested: it applies without a value, too.
    pub fn with_default(name: &str, default: Option<String>) -> Self {
        let default_value = default.filter(|value| !value.is_empty());
        let value = default_value.as_deref().unwrap_or_default();
        Self {
            name: name.to_owned(),
            data_type: DataType::of_value(value).to_string(),
            required: false,
            default_value,
            allowed_values: Vec::new(),
            description: None,
        }
    }
}

/// The contract's word.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Other(word) => word,
        })
    }
}

/// Any number of digits is accepted: each platform has its own limit.
fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_float(value: &str) -> bool {
    // The standard library reads `inf`, `infinity` and `nan` as numbers too.
    let has_only_number_characters = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    has_only_number_characters && value.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_type_is_written_as_it_is_read() {
        for word in ["string", "integer", "float", "boolean", "Duration"] {
            assert_eq!(DataType::parse(word).to_string(), word);
        }
    }

    #[test]
    fn a_value_has_the_narrowest_type_that_takes_it() {
        for (value, word) in [
            ("False", "boolean"),
            ("-7", "integer"),
            ("0.5", "float"),
            ("2026-11-01", "string"),
            ("", "string"),
        ] {
            assert_eq!(DataType::of_value(value).to_string(), word, "{value}");
        }
    }

    #[test]
    fn a_text_is_a_value_of_its_type() {
        for (data_type, good, bad) in [
            (
                DataType::Integer,
                &["1", "-7", "+3", "123456789012345678901"][..],
                &["1.0", "one", "", "-", " 1"][..],
            ),
            (
                DataType::Float,
                &["1", "0.5", "-1e-5", ".5", "1.", "+1E5", "007"],
                &[
                    "half", "inf", "NaN", "1e999", "0x1", "", ".", "e5", "1e", "1e5.5",
                ],
            ),
            (DataType::Boolean, &["true", "False"], &["yes", "1", ""]),
            (DataType::String, &["", "anything"], &[]),
            (DataType::Other("Duration".to_owned()), &["anything"], &[]),
        ] {
            for value in good {
                assert!(data_type.accepts(value), "{data_type}: {value}");
            }
            for value in bad {
                assert!(!data_type.accepts(value), "{data_type}: {value}");
            }
        }
    }
}
