//! Durations on the command line.

use std::fmt::Display;
use std::time::Duration;

use jiff::SignedDuration;

/// Reads `500ms`, `5s` or `2m`; a number without a unit is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let explain = |why: &dyn Display| format!("{why}: write for example 500ms, 5s or 2m");
    let signed = match text.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(seconds.into()),
        Err(_) => text
            .parse()
            .map_err(|_| explain(&"this is not a duration"))?,
    };
    let duration =
        Duration::try_from(signed).map_err(|_| explain(&"a duration can't be negative"))?;
    if duration.is_zero() {
        Err(explain(&"too short"))
    } else {
        Ok(duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_with_a_unit_or_in_seconds() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "0", "0s", "-5s", "soon"] {
            assert!(duration(wrong).is_err(), "{wrong:?}");
        }
    }
}
