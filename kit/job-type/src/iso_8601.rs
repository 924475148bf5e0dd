//! Times for people.

use time::OffsetDateTime;

/// A time in milliseconds since 1970 as `2026-10-05T12:00:00Z`, for details and messages. A time past
/// the year 9999 is written as 1970.
pub fn iso_8601(milliseconds: u64) -> String {
    let seconds = i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX);
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    // `time`'s format descriptions would add 25 KB to a component.
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_to_the_second() {
        assert_eq!(iso_8601(1_709_210_096_999), "2024-02-29T12:34:56Z");
        assert_eq!(iso_8601(u64::MAX), "1970-01-01T00:00:00Z");
    }
}
