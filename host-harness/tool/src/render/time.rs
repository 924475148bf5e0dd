//! Times and durations for people.

use std::time::Duration;

use jiff::fmt::friendly::{Designator, SpanPrinter};
use jiff::{SignedDuration, Timestamp};

const PRINTER: SpanPrinter = SpanPrinter::new().designator(Designator::Compact);

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Timestamp::now()
        .as_millisecond()
        .try_into()
        .unwrap_or_default()
}

/// `2025-07-01 12:00:00 UTC`, for milliseconds since 1970.
pub(crate) fn utc(milliseconds: u64) -> String {
    let time = i64::try_from(milliseconds)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    match time {
        Some(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        None => format!("{milliseconds} ms since 1970, which is not on the calendar"),
    }
}

/// `2025-07-01T12:00:00.500Z`, for milliseconds since 1970.
pub(crate) fn utc_to_the_millisecond(milliseconds: u64) -> String {
    let time = i64::try_from(milliseconds)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    match time {
        Some(time) => format!("{time:.3}"),
        None => utc(milliseconds),
    }
}

/// `4m 12s`; below a second `850ms`.
pub(crate) fn duration(duration: Duration) -> String {
    let whole = match duration.as_secs() {
        0 => SignedDuration::from_millis(duration.subsec_millis().into()),
        seconds => SignedDuration::from_secs(seconds.try_into().unwrap_or(i64::MAX)),
    };
    PRINTER.duration_to_string(&whole)
}

/// From one time to another; none where the end is before the start.
pub(crate) fn between(start: u64, end: u64) -> Option<String> {
    end.checked_sub(start)
        .map(|milliseconds| duration(Duration::from_millis(milliseconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc() {
        assert_eq!(utc(1_751_371_200_500), "2025-07-01 12:00:00 UTC");
        assert!(utc(u64::MAX).contains("not on the calendar"));
    }

    #[test]
    fn durations_are_as_long_as_they_need_to_be() {
        let cases = [
            (0, "0s"),
            (850, "850ms"),
            (59_999, "59s"),
            (252_000, "4m 12s"),
            (97_445_000, "27h 4m 5s"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn clocks_that_run_backwards_give_no_duration() {
        assert_eq!(between(2, 1), None);
        assert_eq!(between(1_000, 61_000).as_deref(), Some("1m"));
    }
}
