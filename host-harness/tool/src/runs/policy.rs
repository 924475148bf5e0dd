//! The time between two polls of a run, and what to do about a call that failed.
//!
//! `backon` and other crates for backoff were considered. Most of this file decides which failure of
//! which call is tried again, and the wait also depends on the age of the run; a crate would only
//! replace the line that doubles the wait.

use std::time::{Duration, SystemTime};

use polysync_host::contract::{self, ErrorClass};

use super::call::{Call, CallFailure};
use super::ending::Ending;

/// How far the time between two polls grows with the age of the run.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);
/// The time between two polls is the age of the run divided by this: at 200 s, it is 10 s.
const POLLS_PER_AGE: u32 = 20;
/// How long a plugin may put a poll off.
const LONGEST_POSTPONEMENT: Duration = Duration::from_secs(60);
/// How far the time between two polls grows while they fail.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// How often a start is tried while somebody waits, and a retry in any case: a retry whose answer was
/// lost may have happened, and then how the run is says more than another answer.
const MOST_STARTS: u32 = 5;
/// The wait after the first start that failed while somebody waits.
const FIRST_START_BACKOFF: Duration = Duration::from_secs(2);
/// How many polls or cancellations may fail in a row while somebody waits. With
/// [`LONGEST_BACKOFF`], a quarter of an hour.
const MOST_FAILURES: u32 = 20;

/// The wait after the first failure where nobody waits.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);
/// How many polls may find no run, with none that finds it between them, before the run is taken for
/// ended where nobody waits. One alone may come from a part of the platform that doesn't know a new
/// run yet.
const MISSING_POLLS: u32 = 4;

/// Whether somebody waits for the run and can react to a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attendance {
    /// Somebody waits for the run. One that fails for good, or for too long, is given up: it is for
    /// them to decide what to do.
    Attended,
    /// Nobody waits. A run isn't given up for a failure that can be repaired meanwhile: by granting a
    /// permission, raising a quota, or swapping in a better plugin.
    Unattended,
}

/// How a run is followed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) attendance: Attendance,
    /// The shortest time between two polls.
    pub(crate) interval: Duration,
    /// Where given, polls fall on multiples of their interval from this time on, so that many runs are
    /// asked about together.
    pub(crate) aligned_to: Option<SystemTime>,
    /// Whether a plugin may put the next poll off.
    pub(crate) may_be_put_off: bool,
    /// Whether the steps are listed with each poll.
    pub(crate) list_steps: bool,
    /// Whether the plugin is asked where a person follows the run.
    pub(crate) monitor_url: bool,
    /// How many lines at the end of a failed step's log are read when the run is over.
    pub(crate) log_lines: u32,
}

/// The failures of a run since its last success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    /// Calls that failed in a row.
    pub(crate) in_a_row: u32,
    /// Polls that found no run since the last poll that found it. Other failures don't count.
    pub(crate) missing: u32,
    /// Polls in a row whose call broke.
    pub(crate) broken: u32,
}

impl Failures {
    pub(crate) fn count(&mut self, call: Call, failure: &CallFailure) {
        self.in_a_row = self.in_a_row.saturating_add(1);
        if call != Call::Poll {
            return;
        }
        if failure.is_missing() {
            self.missing = self.missing.saturating_add(1);
        }
        self.broken = match failure.broke() {
            true => self.broken.saturating_add(1),
            false => 0,
        };
    }
}

/// What to do about a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Make it again, after this time.
    RetryIn(Duration),
    /// Don't make it again, and go on with the run.
    Skip,
    /// The run has ended like this.
    End(Ending),
    /// Stop following the run.
    GiveUp,
}

impl Policy {
    /// The time between two polls of a run of this age.
    pub(crate) fn interval_at(&self, age: Duration) -> Duration {
        let longest = LONGEST_INTERVAL.max(self.interval);
        let wanted = (age / POLLS_PER_AGE).clamp(self.interval, longest);
        if self.aligned_to.is_none() || wanted == longest {
            return wanted;
        }
        // Few different intervals, so that runs of different ages meet.
        let mut interval = self.interval;
        while interval.saturating_mul(2) <= wanted {
            interval = interval.saturating_mul(2);
        }
        interval
    }

    /// How long to wait with the next poll of a run of this age. The plugin may have said when it is worth
    /// asking again, in milliseconds since 1970.
    pub(crate) fn next_poll(
        &self,
        now: SystemTime,
        age: Duration,
        poll_after: Option<u64>,
    ) -> Duration {
        let interval = self.interval_at(age);
        let since = self
            .aligned_to
            .map(|start| now.duration_since(start).unwrap_or_default());
        let wait = since.map_or(interval, |since| to_nearest_multiple(interval, since));
        let put_off = poll_after
            .filter(|_| self.may_be_put_off)
            .and_then(|at| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(at)))
            .and_then(|at| at.duration_since(now).ok())
            .unwrap_or_default();
        wait.max(put_off.min(LONGEST_POSTPONEMENT))
    }

    /// What to do about a call that failed, as the last of these failures, for a run that has been
    /// followed for `age`.
    pub(crate) fn decide(
        &self,
        call: Call,
        failure: &CallFailure,
        failures: Failures,
        age: Duration,
    ) -> Decision {
        match self.attendance {
            Attendance::Attended => self.decide_attended(call, failure, failures.in_a_row, age),
            Attendance::Unattended => self.decide_unattended(call, failure, failures),
        }
    }

    fn decide_attended(
        &self,
        call: Call,
        failure: &CallFailure,
        failures: u32,
        age: Duration,
    ) -> Decision {
        let (first, most, longest) = match call {
            Call::Start | Call::Retry => (FIRST_START_BACKOFF, MOST_STARTS, LONGEST_BACKOFF),
            Call::Cancel | Call::Poll | Call::ListSteps => (
                self.interval_at(age),
                MOST_FAILURES,
                LONGEST_BACKOFF.max(self.interval),
            ),
        };
        if !failure.is_retryable() {
            match call {
                Call::Cancel | Call::Retry | Call::ListSteps => Decision::Skip,
                Call::Start | Call::Poll => Decision::GiveUp,
            }
        } else if failures >= most {
            Decision::GiveUp
        } else {
            Decision::RetryIn(doubled(first, failures).min(longest))
        }
    }

    fn decide_unattended(&self, call: Call, failure: &CallFailure, failures: Failures) -> Decision {
        let Failures {
            in_a_row, missing, ..
        } = failures;
        match (call, failure.platform()) {
            (Call::Start, Some(error)) if is_final(error) => Decision::End(Ending::Refused),
            (Call::Cancel | Call::Retry | Call::ListSteps, Some(error)) if !error.retryable => {
                Decision::Skip
            }
            (Call::Retry, _) if in_a_row >= MOST_STARTS => Decision::Skip,
            (Call::Poll, _) if failure.is_missing() && missing > MISSING_POLLS => {
                Decision::End(Ending::Unknown)
            }
            _ => {
                let shortest = self.interval.min(LONGEST_BACKOFF);
                let wait = doubled(FIRST_BACKOFF, in_a_row);
                Decision::RetryIn(wait.clamp(shortest, LONGEST_BACKOFF))
            }
        }
    }
}

/// The wait from `since` to the first multiple of the interval that is at least half an interval away: half
/// an interval to one and a half.
fn to_nearest_multiple(interval: Duration, since: Duration) -> Duration {
    let (interval, since) = (interval.as_nanos().max(1), since.as_nanos());
    let multiple = (since + interval / 2).div_ceil(interval) * interval;
    Duration::from_nanos(u64::try_from(multiple - since).unwrap_or(u64::MAX))
}

/// The wait after so many failures in a row: the first, doubled with each further one.
fn doubled(first: Duration, failures: u32) -> Duration {
    first.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)))
}

/// Whether the platform refuses a start for good. Permissions and quotas may change meanwhile.
fn is_final(error: &contract::Error) -> bool {
    !error.retryable && !matches!(error.class, ErrorClass::Denied | ErrorClass::Limit)
}

#[cfg(test)]
mod tests;
