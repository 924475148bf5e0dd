//! Times as AWS writes them. A time as a number is milliseconds since 1970-01-01T00:00:00Z.

use std::time::UNIX_EPOCH;

use job_type_kit::iso_8601;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A time as `YYYYMMDDTHHMMSSZ`; the first eight characters are the date of a credential scope. A
/// time past the year 9999 is written as 1970: AWS accepts a signature with neither.
pub fn amz_date(milliseconds: u64) -> String {
    let mut date = iso_8601(milliseconds);
    date.retain(|c| !matches!(c, '-' | ':'));
    date
}

/// Reads a `Date` header (RFC 9110, section 5.6.7); `None` where it is not a date since 1970.
pub fn http_date(text: &str) -> Option<u64> {
    let time = httpdate::parse_http_date(text).ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}

/// Reads a member that is a time: epoch seconds with a fraction (AWS JSON 1.1). Anything else, and a
/// time before 1970, reads as absent: a time is never worth failing a whole answer for.
///
/// # Errors
/// Where the text is not JSON.
#[inline(never)]
pub fn epoch_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<&RawValue>::deserialize(deserializer)?;
    let seconds = value.and_then(|value| serde_json::from_str(value.get()).ok());
    Ok(seconds.and_then(milliseconds))
}

fn milliseconds(seconds: f64) -> Option<u64> {
    /// The first second of the year 10000.
    const YEAR_10000: f64 = 253_402_300_800.0;
    let in_range = (0.0..YEAR_10000).contains(&seconds);
    // In range, so the cast is exact to the millisecond.
    in_range.then(|| (seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Timed {
        #[serde(default, deserialize_with = "epoch_seconds")]
        t: Option<u64>,
    }

    fn read(json: &str) -> Option<u64> {
        serde_json::from_str::<Timed>(json).unwrap().t
    }

    #[test]
    fn a_date_is_written_for_signatures() {
        assert_eq!(amz_date(0), "19700101T000000Z");
        assert_eq!(amz_date(1_709_210_096_999), "20240229T123456Z");
        assert_eq!(amz_date(u64::MAX), "19700101T000000Z");
    }

    #[test]
    fn a_date_header_is_read() {
        assert_eq!(
            http_date("Thu, 29 Feb 2024 12:34:56 GMT"),
            Some(1_709_210_096_000)
        );
        for text in [
            "yesterday",
            "Thu, 29 Feb 2023 12:34:56 GMT",
            "Thu, 29 ebM 2024 12:34:56 GMT",
            "Thu, 29 Feb 2024 25:34:56 GMT",
            "Thu, 29 Feb 2024 12:34:56 CET",
            "Thu, 29 Feb 1924 12:34:56 GMT",
            "Thu, 29 Fé",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn epoch_seconds_are_read_with_and_without_a_fraction() {
        assert_eq!(read(r#"{"t": 1709210096.123}"#), Some(1_709_210_096_123));
        assert_eq!(read(r#"{"t": 1709210096}"#), Some(1_709_210_096_000));
        assert_eq!(read(r#"{"t": 1.709210096E9}"#), Some(1_709_210_096_000));
    }

    #[test]
    fn a_value_that_is_not_a_time_reads_as_absent() {
        for json in [
            "{}",
            r#"{"t": null}"#,
            r#"{"t": -1}"#,
            r#"{"t": 1e300}"#,
            r#"{"t": "soon"}"#,
            r#"{"t": {"a": [1]}}"#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
