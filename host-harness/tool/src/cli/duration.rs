//! Durations on the command line.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads `500ms`, `5s` or `2m`; a number without a unit is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    parse(text, "500ms, 5s or 2m")
}

/// Errors show these examples.
fn parse(text: &str, examples: &str) -> Result<Duration, String> {
    let explain = |why: &str| format!("{why}: write for example {examples}");
    let signed = match text.parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(seconds.into()),
        Err(_) => text
            .parse()
            .map_err(|_| explain("this is not a duration"))?,
    };
    let duration =
        Duration::try_from(signed).map_err(|_| explain("a duration can't be negative"))?;
    if duration.is_zero() {
        Err(explain("too short"))
    } else {
        Ok(duration)
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retention {
    For(Duration),
    Forever,
}

impl Retention {
    /// Reads what [`duration`] reads, days such as `30d`, and `forever`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        if text == "forever" {
            return Ok(Self::Forever);
        }
        let days = text
            .strip_suffix('d')
            .and_then(|days| days.parse::<u32>().ok());
        match days {
            Some(days) if days > 0 => Ok(Self::For(DAY.saturating_mul(days))),
            _ => parse(text, "12h, 30d or forever").map(Self::For),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_kept_for_days_or_forever_too() {
        let days = |days: u64| Retention::For(Duration::from_secs(days * 86_400));
        assert_eq!(Retention::parse("30d"), Ok(days(30)));
        assert_eq!(Retention::parse("24h"), Ok(days(1)));
        assert_eq!(Retention::parse("forever"), Ok(Retention::Forever));
        for wrong in ["", "0d", "-1d", "d", "1.5d", "never"] {
            let error = Retention::parse(wrong).unwrap_err();
            assert!(error.ends_with("12h, 30d or forever"), "{wrong:?}: {error}");
        }
    }

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
