//! JSON as services answer it, for serde's derive.
//!
//! The derive alone does not serve: it takes an array for a struct, refuses a member that is there
//! twice, refuses `null` in a list, and its errors name no member. `serde_path_to_error` names the
//! member and leaves the rest. So a struct is read here through its members: [`from_str`] reads a
//! text, and most other functions are for `deserialize_with`. These are not inlined: a derive has one
//! for each field, and a component would hold each of them again.

use std::borrow::Cow;
use std::collections::btree_map::{BTreeMap, IntoIter};
use std::fmt;

use serde::de::value::{CowStrDeserializer, MapAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::value::RawValue;

/// Reads a text that holds one object and nothing else. The last of two equal members counts, as in
/// most readers of JSON.
///
/// # Errors
/// Where the text is not JSON, or a member that is read has another type.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, serde_json::Error> {
    let members = Members {
        members: members_of(text)?.into_iter(),
        value: None,
    };
    T::deserialize(MapAccessDeserializer::new(members)).map_err(without_position)
}

/// Reads a member that is a list of objects, or `null`.
///
/// # Errors
/// Where the value is not an array, or an element is not an object as it should be.
#[inline(never)]
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let elements = Option::<Vec<&RawValue>>::deserialize(deserializer)?;
    elements.into_iter().flatten().map(object).collect()
}

/// Reads a member that is a list of at most `MOST` objects, or `null`. Nulls in the list are passed over,
/// as in AWS's own SDKs: services do send them.
///
/// # Errors
/// As for [`objects`], and where the list is longer: it is not what was asked for, and may not fit into
/// the guest's memory.
#[inline(never)]
pub fn sparse_objects<'de, const MOST: usize, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = <&RawValue>::deserialize(deserializer)?;
    let elements = list.deserialize_any(SparseList { most: MOST });
    let elements = elements.map_err(without_position)?;
    elements.into_iter().map(object).collect()
}

/// The elements of a list but for its nulls, or `null`.
struct SparseList {
    most: usize,
}

impl<'de> Visitor<'de> for SparseList {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element::<&RawValue>()? {
            if element.get() == "null" {
                continue;
            }
            if elements.len() == self.most {
                let most = self.most;
                return Err(Error::custom(format_args!(
                    "the list has more elements than the {most} that it may have"
                )));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

/// Reads a member that is an object, or `null`.
///
/// # Errors
/// Where the value is neither.
#[inline(never)]
pub fn optional_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = Option::<&RawValue>::deserialize(deserializer)?;
    value.map(object).transpose()
}

/// Reads a member that is not worth failing a whole answer for: a value of another type reads as
/// absent.
///
/// # Errors
/// Where the text is not JSON.
#[inline(never)]
pub fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = Option::<&RawValue>::deserialize(deserializer)?;
    Ok(value.and_then(|value| T::deserialize(value).ok()))
}

/// Reads a member that is an object and is not worth failing a whole answer for: anything else reads
/// as absent.
///
/// # Errors
/// Where the text is not JSON.
#[inline(never)]
pub fn lenient_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let value = Option::<&RawValue>::deserialize(deserializer)?;
    Ok(value.and_then(|value| from_str(value.get()).ok()))
}

/// Reads a member that is a text and is not worth failing a whole answer for: half of a surrogate pair
/// reads as U+FFFD, and anything but a text as absent.
///
/// # Errors
/// Where the text is not JSON.
#[inline(never)]
pub fn lossy_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Option::<&RawValue>::deserialize(deserializer)?;
    Ok(value.and_then(|value| value.deserialize_bytes(LossyText).ok()))
}

/// `serde_json` gives the bytes of a string without a check.
struct LossyText;

impl Visitor<'_> for LossyText {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The members of an object whose names are not known, each a text that is not read yet, in order of
/// their names. `None` for anything else than an object.
pub fn members(value: &RawValue) -> Option<BTreeMap<Name<'_>, &RawValue>> {
    members_of(value.get()).ok()
}

/// The name of a member: borrowed from the text, unless it has escapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl Name<'_> {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The members of one object, each a text that is not read yet.
struct Members<'de> {
    members: IntoIter<Name<'de>, &'de RawValue>,
    value: Option<(Name<'de>, &'de RawValue)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = serde_json::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        let Some((name, value)) = self.members.next() else {
            return Ok(None);
        };
        self.value = Some((name.clone(), value));
        let name: CowStrDeserializer<'_, Self::Error> = name.0.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Self::Error> {
        let (Name(name), value) = self
            .value
            .take()
            .ok_or_else(|| Error::custom("a value is asked for before its name"))?;
        seed.deserialize(value)
            .map_err(|error| Error::custom(format_args!("{name}: {}", message(&error))))
    }
}

#[inline(never)]
fn members_of(text: &str) -> Result<BTreeMap<Name<'_>, &RawValue>, serde_json::Error> {
    serde_json::from_str(text)
}

fn object<'de, E: Error, T: Deserialize<'de>>(value: &'de RawValue) -> Result<T, E> {
    from_str(value.get()).map_err(without_position)
}

/// The error without its line and column, which are those in a part of the text.
fn without_position<E: Error>(error: serde_json::Error) -> E {
    E::custom(message(&error))
}

fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(message) => message.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Named {
        name: Option<String>,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Answer {
        a: Option<String>,
        #[serde(deserialize_with = "lenient")]
        count: Option<u32>,
        #[serde(deserialize_with = "optional_object")]
        one: Option<Named>,
        #[serde(deserialize_with = "sparse_objects::<3, _, _>")]
        many: Vec<Named>,
        #[serde(deserialize_with = "objects")]
        all: Vec<Named>,
        #[serde(deserialize_with = "lenient_object")]
        extra: Option<Named>,
    }

    fn read(json: &str) -> Answer {
        from_str(json).unwrap()
    }

    fn error(json: &str) -> String {
        from_str::<Answer>(json).unwrap_err().to_string()
    }

    fn named(name: &str) -> Named {
        Named {
            name: Some(name.to_owned()),
        }
    }

    #[test]
    fn a_member_is_read_as_its_type() {
        let answer = read(
            r#"{"a": "é \"\u65e5\"", "count": 3, "one": {"name": "n", "more": [{}]}, "new": {}}"#,
        );
        assert_eq!(answer.a.as_deref(), Some("é \"日\""));
        assert_eq!(answer.count, Some(3));
        assert_eq!(answer.one, Some(named("n")));
    }

    #[test]
    fn null_reads_as_absent() {
        let nulls = r#"{"a": null, "count": null, "one": null, "many": null, "all": null}"#;
        assert_eq!(read(nulls), Answer::default());
        assert_eq!(read("{}"), Answer::default());
    }

    #[test]
    fn a_value_of_another_type_is_an_error_that_names_the_member() {
        for (json, expected) in [
            (
                r#"{"a": 3}"#,
                "a: invalid type: integer `3`, expected a string",
            ),
            (
                r#"{"many": [{"name": true}]}"#,
                "many: name: invalid type: boolean `true`, expected a string",
            ),
            (
                r#"{"many": ["x"]}"#,
                r#"many: invalid type: string "x", expected a map"#,
            ),
            (
                r#"{"all": [{}, null]}"#,
                "all: invalid type: null, expected a map",
            ),
            (
                r#"{"one": []}"#,
                "one: invalid type: sequence, expected a map",
            ),
        ] {
            // Without a position: it would be one in a part of the text.
            assert_eq!(error(json), expected);
        }
    }

    #[test]
    fn a_value_that_reads_like_a_position_stays_whole_in_the_error() {
        let error = error(r#"{"many": ["at x at line 7 column 1x"]}"#);
        let expected = r#"many: invalid type: string "at x at line 7 column 1x", expected a map"#;
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn a_text_that_is_not_one_object_is_an_error() {
        for json in ["", "<html>", "[]", "null", "3", "{}}", "{} {}", r#"{"a": "#] {
            assert!(from_str::<Answer>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn nulls_in_a_list_are_passed_over() {
        let answer = read(r#"{"many": [{"name": "x"}, null, {}]}"#);
        assert_eq!(answer.many, [named("x"), Named { name: None }]);
    }

    #[test]
    fn a_list_that_is_longer_than_what_was_asked_for_is_an_error() {
        assert_eq!(read(r#"{"many": [{}, null, {}, {}]}"#).many.len(), 3);
        assert_eq!(
            error(r#"{"many": [{}, {}, {}, {}, "not even read"]}"#),
            "many: the list has more elements than the 3 that it may have"
        );
        assert_eq!(
            error(r#"{"many": {}}"#),
            "many: invalid type: map, expected a sequence"
        );
        assert_eq!(read(r#"{"many": null}"#).many, []);
    }

    #[test]
    fn a_value_that_is_not_a_count_reads_as_absent() {
        for json in [r#"{"count": -1}"#, r#"{"count": 1.5}"#, r#"{"count": []}"#] {
            assert_eq!(read(json).count, None, "{json}");
        }
    }

    #[test]
    fn an_object_that_is_not_worth_an_error_reads_as_absent() {
        assert_eq!(read(r#"{"extra": {"name": "n"}}"#).extra, Some(named("n")));
        for json in ["null", "3", "[]", r#"{"name": 3}"#] {
            let answer = read(&format!(r#"{{"extra": {json}}}"#));
            assert_eq!(answer.extra, None, "{json}");
        }
    }

    #[test]
    fn the_members_of_an_object_are_in_order_of_their_names() {
        let object: &RawValue = serde_json::from_str(r#"{"b": 1, "\u0061": [2]}"#).unwrap();
        let members = members(object).unwrap();
        let texts: Vec<_> = members
            .iter()
            .map(|(name, value)| (name.as_str(), value.get()))
            .collect();
        assert_eq!(texts, [("a", "[2]"), ("b", "1")]);
        let list: &RawValue = serde_json::from_str("[]").unwrap();
        assert!(super::members(list).is_none());
    }

    #[test]
    fn the_last_of_two_equal_members_counts() {
        assert_eq!(read(r#"{"a": 1, "a": "x"}"#).a.as_deref(), Some("x"));
    }

    #[test]
    fn a_member_that_is_not_read_may_have_any_depth() {
        let depth = 200_000;
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        assert_eq!(
            read(&format!(r#"{{"new": {open}{close}}}"#)),
            Answer::default()
        );
    }
}
