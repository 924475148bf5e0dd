//! Times as AWS writes them. Inside, a time is milliseconds since 1970-01-01T00:00:00Z.

use super::json::Object;
use time::{Date, Month, OffsetDateTime};

/// `YYYYMMDDTHHMMSSZ`, of which the first eight characters are the date of a credential scope.
pub fn amz_date(milliseconds: u64) -> String {
    let seconds = i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX);
    // Times past the year 9999 can't be written; no signature with them would be accepted anyway.
    let t = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let century = u8::try_from(t.year() / 100).unwrap_or_default();
    let year = u8::try_from(t.year() % 100).unwrap_or_default();
    let mut text = String::with_capacity("YYYYMMDDTHHMMSSZ".len());
    // Two digits at a time, because the formatter's padding is dear: this is in each request.
    for (number, then) in [
        (century, ""),
        (year, ""),
        (t.month().into(), ""),
        (t.day(), "T"),
        (t.hour(), ""),
        (t.minute(), ""),
        (t.second(), "Z"),
    ] {
        text.push(char::from(b'0' + number / 10));
        text.push(char::from(b'0' + number % 10));
        text.push_str(then);
    }
    text
}

/// A time for people to read: `2026-10-05T12:00:00Z`.
pub fn iso_8601(milliseconds: u64) -> String {
    let compact = amz_date(milliseconds);
    let part = |from, to| compact.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(9, 11),
        part(11, 13),
        part(13, 15)
    )
}

/// The time in a `Date` header: `Thu, 29 Feb 2024 12:34:56 GMT`, the one form that is still written
/// (RFC 9110, section 5.6.7).
pub fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (_, text) = text.split_once(", ")?;
    let part = |from, to| text.get(from..to);
    let number = |from, to| part(from, to)?.parse::<u8>().ok();
    let name = part(3, 6)?;
    let month = MONTHS
        .iter()
        .zip(1_u8..)
        .find(|(month, _)| **month == name)?;
    let month = Month::try_from(month.1).ok()?;
    let date = Date::from_calendar_date(part(7, 11)?.parse().ok()?, month, number(0, 2)?).ok()?;
    let time = date.with_hms(number(12, 14)?, number(15, 17)?, number(18, 20)?);
    let seconds = u64::try_from(time.ok()?.assume_utc().unix_timestamp()).ok()?;
    (part(20, text.len())? == " GMT").then_some(seconds * 1000)
}

/// A time in a response: epoch seconds with a fraction (AWS JSON 1.1). What isn't one, or lies
/// before 1970, reads as absent: a time is never worth failing a status for.
pub fn time(object: &Object<'_>, member: &'static str) -> Option<u64> {
    object.number(member).and_then(milliseconds)
}

fn milliseconds(seconds: f64) -> Option<u64> {
    // The year 9999 ends before this.
    const LATEST_SECOND: f64 = 253_402_300_800.0;
    let in_range = (0.0..LATEST_SECOND).contains(&seconds);
    // In range, so the cast is exact to the millisecond.
    in_range.then(|| (seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<u64> {
        time(&Object::parse(json).unwrap(), "t")
    }

    #[test]
    fn dates_are_written_for_signatures_and_people() {
        assert_eq!(amz_date(0), "19700101T000000Z");
        assert_eq!(amz_date(1_709_210_096_999), "20240229T123456Z");
        assert_eq!(iso_8601(1_709_210_096_999), "2024-02-29T12:34:56Z");
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
    fn what_is_no_time_reads_as_absent() {
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
