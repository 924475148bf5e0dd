//! A list of attributes as an object, for `#[serde(with = "…")]`.
//!
//! The members have the order of the list. A name that occurs twice is written twice, and read twice
//! from text. A reader that keeps objects as maps, such as `serde_json::Value`, has the last value of
//! such a name alone, and may have the names in another order.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;

use crate::contract::Attribute;

/// Writes a list of attributes.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<S: Serializer>(
    attributes: &impl AsRef<[Attribute]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let attributes = attributes.as_ref().iter();
    serializer.collect_map(attributes.map(|Attribute { name, value }| (name, value)))
}

/// Reads a list of attributes.
///
/// # Errors
///
/// It isn't an object, or a value in it isn't text.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Attribute>, D::Error> {
    deserializer.deserialize_map(Members)
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Attribute>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of attributes, whose values are text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut attributes = Vec::new();
        while let Some((name, value)) = members.next_entry()? {
            attributes.push(Attribute { name, value });
        }
        Ok(attributes)
    }
}
