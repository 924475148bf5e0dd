//! Which events of a log were delivered, so that what comes later is neither lost nor delivered twice.
//!
//! Events of one stream arrive in order, but a machine sends what it wrote in batches and by its own
//! clock, so that the streams are apart. So a reader that comes back asks for the last seconds again, and
//! this is how it tells the events that it knows: by their stream and time, and how many there were.
//! Events of the same stream and time come in the order in which they arrived, which FilterLogEvents
//! documents.
//!
//! All times are milliseconds since 1970.

use fnv::FnvHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

/// How far streams may be apart: events that arrive later than that are lost. The clocks of two
/// machines may be a minute apart, and a machine sends what it wrote within half a minute.
pub(super) const OVERLAP: u64 = 90_000;

/// How many times are remembered, of all streams together. Before them, each stream counts as
/// delivered up to a time.
const MOST_TIMES: usize = 64;

/// For how many streams such a time is remembered.
const MOST_STREAMS: usize = 64;

/// A stream, by a hash of its name: names have up to 512 characters.
type Stream = u64;

/// What was delivered of a group's streams.
///
/// In a cursor it is one list of numbers, which is short: `since`, how many `events` follow, those, and
/// `streams`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u64>", try_from = "Vec<u64>")]
pub(super) struct Delivered {
    /// What is older counts as delivered.
    pub(super) since: u64,
    /// How many events a stream had at a time, in order of time. The newest.
    events: Vec<(u64, Stream, u32)>,
    /// The time up to which a stream was delivered, where `events` doesn't reach.
    streams: Vec<(Stream, u64)>,
}

impl Delivered {
    /// Nothing since this time.
    pub(super) fn since(since: u64) -> Self {
        Self {
            since,
            ..Self::default()
        }
    }

    /// Whether a cursor can hold it.
    pub(super) fn is_small(&self) -> bool {
        self.events.len() <= MOST_TIMES && self.streams.len() <= MOST_STREAMS
    }

    /// Remembers one more event.
    pub(super) fn add(&mut self, time: u64, stream: &str) {
        let key = (time, hash(stream));
        let before = |&(time, stream, _): &(u64, Stream, u32)| (time, stream) <= key;
        let after = self.events.iter().rposition(before).map_or(0, |at| at + 1);
        match after.checked_sub(1).and_then(|at| self.events.get_mut(at)) {
            Some((time, stream, count)) if (*time, *stream) == key => {
                *count = count.saturating_add(1);
            }
            _ => self.events.insert(after, (key.0, key.1, 1)),
        }
        if self.events.len() > MOST_TIMES {
            let (time, stream, _) = self.events.remove(self.least_needed());
            self.complete(time, stream);
        }
    }

    /// The oldest of the events whose stream has a newer one. A stream's newest is needed: more events of
    /// its time may come, however far ahead of its machine's clock another machine's is.
    fn least_needed(&self) -> usize {
        let mut events = self.events.iter().enumerate();
        let is_followed = |(at, (_, stream, _)): (usize, &(u64, Stream, u32))| {
            let mut newer = self.events.iter().skip(at + 1);
            newer.any(|(_, other, _)| other == stream)
        };
        events.position(is_followed).unwrap_or_default()
    }

    /// Whether an event was delivered. Each event is asked about once: it is forgotten then.
    pub(super) fn take(&mut self, time: u64, stream: &str) -> bool {
        let stream = hash(stream);
        let known = |&(at, of, _): &(u64, Stream, u32)| (at, of) == (time, stream);
        if let Some(at) = self.events.iter().position(known) {
            match self.events.get_mut(at) {
                Some((_, _, count)) if *count > 1 => *count -= 1,
                _ => drop(self.events.remove(at)),
            }
            return true;
        }
        let mut streams = self.streams.iter();
        streams.any(|&(of, until)| of == stream && time <= until)
    }

    /// The newest time of which anything is remembered.
    pub(super) fn newest(&self) -> Option<u64> {
        let streams = self.streams.iter().map(|(_, until)| *until).max();
        streams.max(self.events.last().map(|(time, ..)| *time))
    }

    /// Forgets what is too old to be asked for again. A clock that is ahead of the host's makes nothing
    /// old.
    pub(super) fn settle(&mut self, now: u64) {
        let newest = self.newest().unwrap_or_default().min(now);
        self.forget_before(newest.saturating_sub(OVERLAP));
    }

    /// Counts all up to this event as delivered. Where its time is ahead of the host's clock, other
    /// streams count as delivered up to now.
    pub(super) fn begin_after(&mut self, time: u64, stream: &str, now: u64) {
        if time > now {
            self.complete(time, hash(stream));
        }
        self.forget_before(time.saturating_add(1).min(now));
    }

    /// Counts all that is older as delivered.
    fn forget_before(&mut self, time: u64) {
        self.since = self.since.max(time);
        let since = self.since;
        self.events.retain(|(time, ..)| *time >= since);
        self.streams.retain(|(_, until)| *until >= since);
    }

    fn complete(&mut self, time: u64, stream: Stream) {
        match self.streams.iter_mut().find(|(of, _)| *of == stream) {
            Some((_, until)) => *until = time.max(*until),
            None => self.streams.push((stream, time)),
        }
        if self.streams.len() > MOST_STREAMS {
            let oldest = self.streams.iter().map(|(_, until)| *until).min();
            self.forget_before(oldest.unwrap_or_default().saturating_add(1));
        }
    }
}

impl From<Delivered> for Vec<u64> {
    fn from(delivered: Delivered) -> Self {
        let count = u64::try_from(delivered.events.len()).unwrap_or_default();
        let mut numbers = vec![delivered.since, count];
        for (time, stream, count) in delivered.events {
            numbers.extend([time, stream, u64::from(count)]);
        }
        for (stream, until) in delivered.streams {
            numbers.extend([stream, until]);
        }
        numbers
    }
}

/// The numbers are not those of a [`Delivered`].
#[derive(Debug, thiserror::Error)]
#[error("the numbers are not what was delivered")]
pub(super) struct NotDelivered;

impl TryFrom<Vec<u64>> for Delivered {
    type Error = NotDelivered;

    fn try_from(numbers: Vec<u64>) -> Result<Self, NotDelivered> {
        let mut numbers = numbers.into_iter();
        let mut next = || numbers.next().ok_or(NotDelivered);
        let mut delivered = Self::since(next()?);
        for _ in 0..next()? {
            let (time, stream) = (next()?, next()?);
            let count = u32::try_from(next()?).map_err(|_| NotDelivered)?;
            delivered.events.push((time, stream, count));
        }
        while let Ok(stream) = next() {
            delivered.streams.push((stream, next()?));
        }
        Ok(delivered)
    }
}

/// The same in every version, because cursors hold it.
fn hash(stream: &str) -> Stream {
    let mut hasher = FnvHasher::default();
    hasher.write(stream.as_bytes());
    // A short number: chance lets two of a hundred streams be equal once in a million logs.
    hasher.finish() >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: u64 = 1_700_000_000_000;

    fn delivered(events: &[(u64, &str)]) -> Delivered {
        let mut delivered = Delivered::default();
        for (time, stream) in events {
            delivered.add(T + time, stream);
        }
        delivered
    }

    #[test]
    fn as_many_events_as_were_delivered_are_known_again() {
        let mut known = delivered(&[(1, "a"), (1, "b"), (1, "a"), (2, "a")]);
        let again = [(1, "a"), (1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "b")];
        let taken = again.map(|(time, stream)| known.take(T + time, stream));
        assert_eq!(taken, [true, true, false, true, true, false]);
    }

    #[test]
    fn an_event_that_arrives_late_is_new_in_whichever_stream() {
        let mut known = delivered(&[(10, "a"), (30, "a"), (30, "b")]);
        assert!(!known.take(T + 20, "a"));
        assert!(!known.take(T + 20, "b"));
        assert!(known.take(T + 10, "a"));
    }

    #[test]
    fn a_busy_stream_is_remembered_by_the_time_up_to_which_it_was_delivered() {
        let mut known = Delivered::default();
        for time in 0..10_000 {
            known.add(T + time, "busy");
        }
        known.settle(T + 9_999);
        assert!(known.is_small());
        assert_eq!(known.since, T + 9_999 - OVERLAP);
        assert!(known.take(T, "busy") && known.take(T + 5_000, "busy"));
        assert!(known.take(T + 9_999, "busy") && !known.take(T + 10_000, "busy"));
        assert!(
            !known.take(T + 5_000, "slow"),
            "another machine's batch comes late"
        );
    }

    #[test]
    fn a_time_ahead_of_the_clock_makes_nothing_old() {
        let mut known = delivered(&[(0, "a"), (3_600_000, "ahead")]);
        known.settle(T + 1_000);
        assert_eq!(known.since, T + 1_000 - OVERLAP);
        assert!(known.take(T, "a") && known.take(T + 3_600_000, "ahead"));
    }

    #[test]
    fn a_busy_stream_whose_clock_is_ahead_leaves_the_newest_time_of_another() {
        let mut known = Delivered::default();
        for time in 0..1_000 {
            known.add(T + 60_000 + time, "ahead");
        }
        known.add(T, "a");
        known.add(T + 1, "a");
        assert!(known.is_small());
        // A second event of the same millisecond is new.
        let taken = [0, 1, 1].map(|time| known.take(T + time, "a"));
        assert_eq!(taken, [true, true, false]);
        assert!(known.take(T + 60_000, "ahead") && known.take(T + 60_999, "ahead"));
    }

    #[test]
    fn thousands_of_streams_take_no_more_than_a_cursor_holds_and_nothing_comes_twice() {
        let mut known = Delivered::default();
        let streams: Vec<String> = (0..5_000).map(|n| format!("stream-{n}")).collect();
        for (time, stream) in (T..).zip(&streams) {
            known.add(time, stream);
        }
        known.settle(T + 5_000);
        assert!(known.is_small());
        for (time, stream) in (T..).zip(&streams) {
            assert!(time < known.since || known.take(time, stream), "{stream}");
        }
    }

    #[test]
    fn it_is_read_again_from_its_numbers_and_from_no_others() {
        let mut delivered = Delivered::since(T);
        for time in 0..100 {
            delivered.add(T + time, ["a", "b"][usize::from(time % 3 == 0)]);
        }
        let numbers = Vec::from(delivered.clone());
        assert_eq!(Delivered::try_from(numbers.clone()).unwrap(), delivered);
        let mut too_many = numbers.clone();
        too_many.push(1);
        for wrong in [
            vec![],
            vec![T],
            vec![T, 1, 2, 3],
            vec![T, 1, 2, 3, u64::MAX],
            too_many,
        ] {
            assert!(Delivered::try_from(wrong).is_err());
        }
    }

    #[test]
    fn a_streams_number_is_the_same_in_every_version() {
        // The upper half of a published value of FNV-1a.
        assert_eq!(hash("foobar"), 0x8594_4171);
        assert_ne!(hash("a"), hash("b"));
    }
}
