//! Named values of an open list, and the definitions from which a host draws a form.

use crate::contract::{Attribute, AttributeDefinition, Need};
use crate::finding_code::{FindingCode, Problem};
use crate::limits;
use crate::text::{cut, non_blank};

/// How many characters of a detail are shown. A page may have a thousand details.
const LONGEST_DETAIL: usize = 1_000;

const INTEGER: &str = "integer";

fn default_key(key: &str) -> String {
    ["default-", key].concat()
}

impl Attribute {
    /// A named value.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }

    /// A text for display, if there is one that is not blank. An ellipsis stands for what is more than a
    /// thousand characters.
    pub fn detail(name: &str, text: Option<String>) -> Option<Self> {
        non_blank(text).map(|text| Self::new(name, cut(text, LONGEST_DETAIL)))
    }

    /// The details of these names that there are, as [`Attribute::detail`] makes them.
    pub fn details<'a>(texts: impl IntoIterator<Item = (&'a str, Option<String>)>) -> Vec<Self> {
        let details = texts.into_iter();
        details
            .filter_map(|(name, text)| Self::detail(name, text))
            .collect()
    }

    /// The value that a job gives, else the connection's default for it: the attribute that
    /// [`AttributeDefinition::as_default`] defines.
    pub fn find_or_default<'a>(
        job: &'a [Self],
        connection: &'a [Self],
        key: &str,
    ) -> Option<&'a str> {
        Self::find(job, key).or_else(|| Self::find(connection, &default_key(key)))
    }

    /// The value of the first attribute of that name. A blank value counts as not given.
    pub fn find<'a>(attributes: &'a [Self], name: &str) -> Option<&'a str> {
        let found = attributes.iter().find(|attribute| attribute.name == name);
        non_blank(found.map(|attribute| attribute.value.as_str()))
    }
}

impl AttributeDefinition {
    /// A text in one line.
    pub fn text(key: &str, label: &str, help: &str) -> Self {
        Self::new("text", key, label, help)
    }

    /// `true` or `false`.
    pub fn boolean(key: &str, label: &str, help: &str) -> Self {
        Self::new("boolean", key, label, help)
    }

    /// A whole number.
    pub fn integer(key: &str, label: &str, help: &str) -> Self {
        Self::new(INTEGER, key, label, help)
    }

    /// The same, for a value that has to be given.
    #[must_use]
    pub fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// The same, for a value that a host doesn't show, log or export.
    #[must_use]
    pub fn secret(self) -> Self {
        Self {
            secret: true,
            ..self
        }
    }

    /// The same, with the least value.
    #[must_use]
    pub fn with_minimum(self, minimum: i64) -> Self {
        Self {
            minimum: Some(minimum),
            ..self
        }
    }

    /// The same, with the greatest value.
    #[must_use]
    pub fn with_maximum(self, maximum: i64) -> Self {
        Self {
            maximum: Some(maximum),
            ..self
        }
    }

    /// The same, with the least and greatest length in characters.
    #[must_use]
    pub fn with_length(self, (least, greatest): (u32, u32)) -> Self {
        Self {
            min_length: Some(least),
            max_length: Some(greatest),
            ..self
        }
    }

    /// The same, with a regular expression for the whole value.
    #[must_use]
    pub fn with_pattern(self, pattern: &str) -> Self {
        Self {
            pattern: Some(pattern.to_owned()),
            ..self
        }
    }

    /// The same, with the values that are allowed.
    #[must_use]
    pub fn with_allowed_values<'a>(self, values: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            allowed_values: values.into_iter().map(str::to_owned).collect(),
            ..self
        }
    }

    /// The same, as an attribute of the connection: the value for jobs that give none.
    #[must_use]
    pub fn as_default(self) -> Self {
        Self {
            key: default_key(&self.key),
            label: ["Default ", &self.label].concat(),
            help: [&self.help, " It is the value for jobs that give none."].concat(),
            ..self
        }
    }

    /// The attributes that have these values, to suggest for a job: those that a definition takes.
    pub fn suggest<'a>(
        definitions: &[Self],
        values: impl IntoIterator<Item = (&'a str, Option<String>)>,
    ) -> Vec<Attribute> {
        let takes = |key: &str, value: &str| {
            let definition = definitions.iter().find(|definition| definition.key == key);
            definition.is_some_and(|definition| definition.wrong(value).is_none())
        };
        let values = values.into_iter();
        values
            .filter_map(|(key, value)| Some((key, value?)))
            .filter(|(key, value)| takes(key, value))
            .map(|(key, value)| Attribute::new(key, value))
            .collect()
    }

    /// What is wrong with a value by its kind, its limits and the values that are allowed. The pattern
    /// is not checked: a component has no regular expressions.
    pub fn wrong(&self, value: &str) -> Option<Problem> {
        if !self.allowed_values.is_empty() {
            let is_allowed = self.allowed_values.iter().any(|allowed| allowed == value);
            let all = self.allowed_values.join(", ");
            let message = format!("is {value:?}, which is not among the allowed values: {all}");
            return (!is_allowed).then(|| Problem::new(FindingCode::NotAllowed, message));
        }
        if self.kind == INTEGER {
            let number = limits::whole_number::<i64>(value, self.minimum.unwrap_or(i64::MIN));
            let most = self.maximum.unwrap_or(i64::MAX);
            return match number {
                Err(wrong) => Some(wrong),
                Ok(number) if number > most => Some(Problem::new(
                    FindingCode::OutOfRange,
                    format!("is {value:?}; it may be {most} at the most"),
                )),
                Ok(_) => None,
            };
        }
        let length = (
            self.min_length.unwrap_or(0),
            self.max_length.unwrap_or(u32::MAX),
        );
        limits::length(value, length)
    }

    fn new(kind: &str, key: &str, label: &str, help: &str) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            help: help.to_owned(),
            kind: kind.to_owned(),
            required: false,
            secret: false,
            default_value: None,
            allowed_values: Vec::new(),
            minimum: None,
            maximum: None,
            min_length: None,
            max_length: None,
            pattern: None,
        }
    }
}

impl Need {
    /// An origin such as `https://api.example.com`, where `*` stands for one label of the name.
    ///
    /// A host lets a person accept it only if it is `https://` with a public name and port 443, and if
    /// the name to the right of `*` is a registered one.
    pub fn http(origin: impl Into<String>) -> Self {
        Self {
            capability: "http".to_owned(),
            value: origin.into(),
        }
    }

    /// A signing name of AWS such as `sagemaker`.
    pub fn aws_signing(service: impl Into<String>) -> Self {
        Self {
            capability: "aws-signing".to_owned(),
            value: service.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_value_counts_as_not_given() {
        let attributes = [Attribute::new("a", " "), Attribute::new("b", " x ")];
        assert_eq!(Attribute::find(&attributes, "a"), None);
        assert_eq!(Attribute::find(&attributes, "b"), Some(" x "));
        assert_eq!(Attribute::find(&attributes, "c"), None);
    }

    #[test]
    fn a_text_has_a_thousand_characters_at_the_most() {
        let value = |length| {
            Attribute::detail("a", Some("é".repeat(length)))
                .unwrap()
                .value
        };
        assert_eq!(value(LONGEST_DETAIL), "é".repeat(LONGEST_DETAIL));
        let cut = value(LONGEST_DETAIL + 1);
        assert_eq!(cut.chars().count(), LONGEST_DETAIL);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn a_blank_text_is_not_a_detail() {
        for text in [None, Some(String::new()), Some(" ".to_owned())] {
            assert_eq!(Attribute::detail("a", text), None);
        }
    }

    #[test]
    fn a_value_is_checked_by_its_definition() {
        let text = AttributeDefinition::text("a", "A", "").with_length((1, 2));
        let number = AttributeDefinition::integer("a", "A", "")
            .with_minimum(1)
            .with_maximum(9);
        let choice = AttributeDefinition::text("a", "A", "").with_allowed_values(["x", "y"]);
        for (definition, good, bad, code) in [
            (&text, "é", "ééé", FindingCode::TooLong),
            (&number, " 9 ", "10", FindingCode::OutOfRange),
            (&number, "1", "0", FindingCode::OutOfRange),
            (&number, "5", "many", FindingCode::NotAnInteger),
            (&choice, "y", "z", FindingCode::NotAllowed),
        ] {
            assert_eq!(definition.wrong(good), None, "{good}");
            assert_eq!(definition.wrong(bad).unwrap().code, code, "{bad}");
        }
    }

    #[test]
    fn a_jobs_value_comes_before_the_connections_default() {
        let definition = AttributeDefinition::text("a", "A", "What.").as_default();
        assert_eq!(definition.key, "default-a");
        let job = [Attribute::new("a", "1"), Attribute::new("b", " ")];
        let connection = ["default-a", "default-b"].map(|key| Attribute::new(key, "2"));
        let value = |key| Attribute::find_or_default(&job, &connection, key);
        assert_eq!(
            (value("a"), value("b"), value("c")),
            (Some("1"), Some("2"), None)
        );
    }
}
