//! The cursor of a log's page: JSON, in which a later version may add members.

use std::fmt::Write;

use job_type_kit::contract::{Error, ErrorClass, LogPage};
use serde::{Deserialize, Serialize};

use super::lines::Lines;
use super::place::Place;
use crate::json;

/// In bytes. A host takes no identifier that is longer than 64 KiB.
const LONGEST: usize = 64 << 10;

/// No job writes to more groups.
const MOST_PLACES: usize = 8;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    #[serde(deserialize_with = "json::objects")]
    places: Vec<Place>,
}

/// A page of these lines, and the places that the next one begins at.
pub(super) fn page(lines: Lines, places: Vec<Place>) -> Result<LogPage, Error> {
    let more = places.iter().any(Place::is_unfinished);
    let cursor = serde_json::to_string(&Cursor { places }).map(|json| visible(&json));
    match cursor {
        Ok(cursor) if cursor.len() <= LONGEST => Ok(LogPage {
            lines: lines.into(),
            cursor,
            more,
        }),
        _ => Err(Error::new(
            ErrorClass::Other,
            "UnreadableResponse",
            "CloudWatch Logs gave a token that is longer than a cursor can hold",
            "Something between the host and CloudWatch Logs may have answered in its place.",
        )),
    }
}

/// Reads the cursor that came with a page. `is_own` says whether a group may be read.
pub(super) fn parse(text: &str, is_own: impl Fn(&str) -> bool) -> Result<Vec<Place>, Error> {
    let is_sound = |place: &Place| place.is_sound() && is_own(place.group());
    let places = (text.len() <= LONGEST)
        .then(|| json::from_str::<Cursor>(text).ok())
        .flatten()
        .map(|cursor| cursor.places)
        .filter(|places| (1..=MOST_PLACES).contains(&places.len()))
        .filter(|places| places.iter().all(is_sound));
    places.ok_or_else(|| {
        Error::invalid(
            "InvalidCursor",
            "the text is not a cursor of this job type's logs",
            "Begin again with the oldest line, or with the last ones.",
        )
    })
}

/// The same JSON in visible characters of ASCII: others can only stand in strings, and have an escape
/// there.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}
