//! A log event, and the key that identifies it and orders events.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// The first numbers that are longer than a key's parts: 9 digits for the line, 31 for the stream.
const LINES: u32 = 1_000_000_000;
const STREAMS: u128 = 10_u128.pow(31);

/// Milliseconds since 1970, which is the precision of CloudWatch Logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Millis(pub(super) u64);

impl Millis {
    pub(super) fn of(time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    pub(super) fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// Identifies an event. Keys are in the order of the events' times, and within a stream in the order
/// of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventKey {
    time: Millis,
    /// The event's position in its stream.
    index: u32,
    stream: u128,
}

impl EventKey {
    /// Before the key of any event.
    pub(super) const FIRST: Self = Self {
        time: Millis(0),
        index: 0,
        stream: 0,
    };

    /// After the key of any event.
    pub(super) const LAST: Self = Self {
        time: Millis(999_999_999_999_999),
        index: LINES - 1,
        stream: STREAMS - 1,
    };

    /// `stream` is a number that only the event's stream has.
    pub(super) fn new(time: Millis, index: usize, stream: u128) -> Self {
        Self {
            time,
            index: u32::try_from(index).unwrap_or(u32::MAX).min(LINES - 1),
            // Leaves a key before and after each event's.
            stream: 1 + stream % (STREAMS - 2),
        }
    }

    /// The position right before this one.
    pub(super) fn before(self) -> Self {
        Self {
            stream: self.stream.saturating_sub(1),
            ..self
        }
    }

    /// The position right after this one.
    pub(super) fn after(self) -> Self {
        Self {
            stream: self.stream.saturating_add(1),
            ..self
        }
    }

    /// Reads a key of 56 digits.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        Some(Self {
            time: Millis(digits.get(1..16)?.parse().ok()?),
            index: digits.get(16..25)?.parse().ok()?,
            stream: digits.get(25..56)?.parse().ok()?,
        })
        .filter(|key| key.to_string() == digits)
    }
}

/// 56 digits, as the ids of CloudWatch Logs' events.
impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "3{:015}{:09}{:031}",
            self.time.0, self.index, self.stream
        )
    }
}

/// An event that can be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event<'a> {
    pub(super) key: EventKey,
    pub(super) ingested: Millis,
    pub(super) stream: &'a str,
    pub(super) message: &'a str,
}

impl Event<'_> {
    pub(super) fn time(&self) -> Millis {
        self.key.time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_56_digits_and_is_read_again() {
        let key = EventKey::new(Millis(1_800_000_000_250), 7, u128::MAX);
        let id = key.to_string();
        assert_eq!(id.len(), 56);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
        assert_eq!(EventKey::parse(&id), Some(key));
    }

    #[test]
    fn anything_else_is_not_an_id() {
        for text in [
            "",
            "3",
            &"x".repeat(56),
            &"3".repeat(57),
            &"4".repeat(56),
            &"ä".repeat(28),
        ] {
            assert_eq!(EventKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ids_are_in_the_order_of_time_then_of_lines() {
        let ids = [(1, 9, 9), (2, 0, 5), (2, 1, 3), (2, 1, 4), (10, 0, 0)];
        let ids = ids.map(|(time, index, stream)| EventKey::new(Millis(time), index, stream));
        assert!(ids.is_sorted());
        assert!(ids.map(|key| key.to_string()).is_sorted());
        assert!(ids[0].before() < ids[0] && ids[0] < ids[0].after());
    }
}
