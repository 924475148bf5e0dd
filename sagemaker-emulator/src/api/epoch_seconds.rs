//! Timestamps of AWS JSON: numbers of seconds since 1970.
//!
//! `jiff` is a dependency, but its serde helpers write whole numbers only; AWS JSON writes a
//! fraction too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, written as a number of seconds since 1970 with at most three decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EpochSeconds(pub(crate) SystemTime);

impl Serialize for EpochSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let since_epoch = self.0.duration_since(UNIX_EPOCH).unwrap_or_default();
        serializer.serialize_f64(since_epoch.as_millis() as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for EpochSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?.max(0.0);
        Duration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since_epoch| UNIX_EPOCH.checked_add(since_epoch))
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("the time is out of range"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_seconds_with_a_fraction() {
        let time = EpochSeconds(UNIX_EPOCH + Duration::from_millis(1_700_000_000_250));
        assert_eq!(serde_json::to_string(&time).unwrap(), "1700000000.25");
    }

    #[test]
    fn a_time_out_of_range_is_an_error() {
        assert!(serde_json::from_str::<EpochSeconds>("1e300").is_err());
    }
}
