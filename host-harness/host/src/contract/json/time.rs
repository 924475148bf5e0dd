//! A time in milliseconds since 1970-01-01T00:00:00Z as RFC 3339 text, for `#[serde(with = "…")]`.
//!
//! A time that is not on the calendar, which ends with the year 9999, is `null`.

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// Writes a time.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<S: Serializer>(
    milliseconds: &Option<u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let milliseconds = milliseconds.and_then(|time| i64::try_from(time).ok());
    let time = milliseconds.and_then(|time| Timestamp::from_millisecond(time).ok());
    time.serialize(serializer)
}

/// Reads a time, to the millisecond, of any offset from UTC.
///
/// # Errors
///
/// It isn't RFC 3339 text, or it is before 1970.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let Some(time) = Option::<Timestamp>::deserialize(deserializer)? else {
        return Ok(None);
    };
    u64::try_from(time.as_millisecond())
        .map(Some)
        .map_err(|_| D::Error::custom(format_args!("the time {time} is before 1970")))
}
