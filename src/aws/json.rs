//! JSON as services answer it: objects whose members are read by name, each as the type that the
//! API's model gives it.
//!
//! Not serde's derive: that makes a parser of each struct, which was more than a quarter of the
//! component. Here one parser is enough, and what is never asked for is never copied.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A structure of an API's model, as far as it is of use.
pub trait Shape: Sized {
    /// Reads its members.
    fn read(object: &Object<'_>) -> Result<Self, JsonError>;
}

/// Why JSON can't be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is none.
    #[error(transparent)]
    Syntax(#[from] serde_json::Error),
    /// It is of another type than the model's.
    #[error("{} is {found} where {expected} is expected", if .member.is_empty() { "it" } else { .member })]
    Type {
        /// Empty for the whole.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
}

/// A JSON value. What is inside of it is unread, however deep it is.
#[derive(Debug)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// Any number; none that a double can't hold.
    Number(f64),
    /// A string, without its escapes.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<&'a RawValue>),
    /// An object.
    Object(Object<'a>),
}

/// The members of a JSON object, unread.
#[derive(Debug)]
pub struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Json<'a> {
    /// Reads a text.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        Ok(serde_json::from_str(text)?)
    }

    /// The error of a value that should be something else.
    pub fn is_no(&self, expected: &'static str, member: &'static str) -> JsonError {
        let found = match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        };
        JsonError::Type {
            member,
            expected,
            found,
        }
    }
}

impl<'a> Object<'a> {
    /// Reads a text.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        Self::called(text, "")
    }

    /// Reads a text that an error calls by this name.
    pub fn called(text: &'a str, member: &'static str) -> Result<Self, JsonError> {
        match Json::parse(text)? {
            Json::Object(object) => Ok(object),
            other => Err(other.is_no("an object", member)),
        }
    }

    /// The members in order, with their names.
    pub fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// A member, unread. Of one that is there twice the last counts, as most readers of JSON have it.
    pub fn member(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().rev().find(|(found, _)| found == name);
        found.map(|(_, value)| *value)
    }

    fn value(&self, name: &str) -> Result<Json<'a>, JsonError> {
        self.member(name)
            .map_or(Ok(Json::Null), |value| Json::parse(value.get()))
    }

    /// A string; none where it is absent or null.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, JsonError> {
        match self.value(name)? {
            Json::Null => Ok(None),
            Json::Text(text) => Ok(Some(text.into_owned())),
            other => Err(other.is_no("a string", name)),
        }
    }

    /// A number; what is none reads as absent.
    pub fn number(&self, name: &'static str) -> Option<f64> {
        match self.value(name) {
            Ok(Json::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A count. The model's integers may be negative; what is no count reads as absent.
    pub fn count(&self, name: &'static str) -> Option<u32> {
        self.member(name)?.get().parse().ok()
    }

    /// A structure; none where it is absent or null.
    pub fn shape<T: Shape>(&self, name: &'static str) -> Result<Option<T>, JsonError> {
        match self.value(name)? {
            Json::Null => Ok(None),
            Json::Object(object) => T::read(&object).map(Some),
            other => Err(other.is_no("an object", name)),
        }
    }

    /// The elements of an array, unread; none where it is absent or null.
    pub fn elements(&self, name: &'static str) -> Result<Vec<&'a RawValue>, JsonError> {
        match self.value(name)? {
            Json::Null => Ok(Vec::new()),
            Json::List(elements) => Ok(elements),
            other => Err(other.is_no("an array", name)),
        }
    }

    /// An array of structures. The SDKs pass over nulls in it, which services do send.
    pub fn shapes<T: Shape>(&self, name: &'static str) -> Result<Vec<T>, JsonError> {
        let elements = self.elements(name)?;
        let mut shapes = Vec::with_capacity(elements.len());
        for element in elements {
            if element.get() != "null" {
                shapes.push(T::read(&Self::called(element.get(), name)?)?);
            }
        }
        Ok(shapes)
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Json::Boolean)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Json::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Json::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(Name(name)) = object.next_key()? {
            members.push((name, object.next_value()?));
        }
        Ok(Json::Object(Object(members)))
    }
}

/// The name of a member.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The only values that come here are strings, so that the same reader serves.
        match deserializer.deserialize_any(AnyJson)? {
            Json::Text(name) => Ok(Self(name)),
            _ => Ok(Self(Cow::Borrowed(""))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        Object::parse(json).unwrap()
    }

    #[derive(Debug, PartialEq)]
    struct Named(Option<String>);

    impl Shape for Named {
        fn read(object: &Object<'_>) -> Result<Self, JsonError> {
            object.text("name").map(Self)
        }
    }

    #[test]
    fn a_member_is_read_as_what_it_should_be() {
        let object = object(r#"{"a": "é \"\u65e5\"", "b": 1.5, "c": 3, "d": {"name": "n"}}"#);
        assert_eq!(object.text("a").unwrap().unwrap(), "é \"日\"");
        assert_eq!(object.number("b"), Some(1.5));
        assert_eq!(object.count("c"), Some(3));
        assert_eq!(
            object.shape("d").unwrap(),
            Some(Named(Some("n".to_owned())))
        );
        assert_eq!(object.text("e").unwrap(), None);
    }

    #[test]
    fn null_is_as_good_as_absent() {
        let object = object(r#"{"a": null}"#);
        assert_eq!(object.text("a").unwrap(), None);
        assert_eq!(object.shape::<Named>("a").unwrap(), None);
        assert!(object.shapes::<Named>("a").unwrap().is_empty());
        assert_eq!(object.number("a"), None);
    }

    #[test]
    fn another_type_is_an_error_that_names_the_member() {
        let object = object(r#"{"a": 3, "b": [{"name": true}], "c": ["x"]}"#);
        let text = |error: JsonError| error.to_string();
        assert_eq!(
            text(object.text("a").unwrap_err()),
            "a is a number where a string is expected"
        );
        assert_eq!(
            text(object.shapes::<Named>("b").unwrap_err()),
            "name is a boolean where a string is expected"
        );
        assert_eq!(
            text(object.shapes::<Named>("c").unwrap_err()),
            "c is a string where an object is expected"
        );
        assert_eq!(
            text(Object::parse("[]").unwrap_err()),
            "it is an array where an object is expected"
        );
        assert!(Object::parse("<html>").is_err());
        assert!(Object::parse("{}}").is_err());
    }

    #[test]
    fn nulls_in_a_list_are_passed_over() {
        let object = object(r#"{"a": [{"name": "x"}, null, {}]}"#);
        let names = object.shapes::<Named>("a").unwrap();
        assert_eq!(names, [Named(Some("x".to_owned())), Named(None)]);
    }

    #[test]
    fn what_is_no_count_reads_as_absent() {
        for json in [
            "{}",
            r#"{"count": null}"#,
            r#"{"count": -1}"#,
            r#"{"count": 1.5}"#,
        ] {
            assert_eq!(object(json).count("count"), None, "{json}");
        }
    }

    #[test]
    fn of_a_member_that_is_there_twice_the_last_counts() {
        let object = object(r#"{"a": 1, "a": "x"}"#);
        assert_eq!(object.text("a").unwrap().unwrap(), "x");
    }
}
