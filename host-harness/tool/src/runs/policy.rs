//! The time between two polls of a run, and what to do about a call that failed.
//!
//! `backon` and other crates for backoff were considered. Most of this file decides which failure of
//! which call is tried again, and the wait also depends on the age of the run; a crate would only
//! replace the line that doubles the wait.

use std::time::Duration;

use polysync_host::contract::{self, ErrorClass};

use super::call::{Call, CallFailure};
use super::ending::Ending;

/// How far the time between two polls grows with the age of the run.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);
/// The time between two polls is the age of the run divided by this: at 200 s, it is 10 s.
const POLLS_PER_AGE: u32 = 20;
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
    /// Whether the steps are listed with each poll.
    pub(crate) list_steps: bool,
    /// Whether the plugin is asked where a person follows the run.
    pub(crate) monitor_url: bool,
}

/// The failures of a run since its last success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    /// Calls that failed in a row.
    pub(crate) in_a_row: u32,
    /// Polls that found no run since the last poll that found it. Other failures don't count.
    pub(crate) missing: u32,
}

impl Failures {
    pub(crate) fn count(&mut self, call: Call, failure: &CallFailure) {
        self.in_a_row = self.in_a_row.saturating_add(1);
        if call == Call::Poll && is_missing(failure) {
            self.missing = self.missing.saturating_add(1);
        }
    }
}

fn is_missing(failure: &CallFailure) -> bool {
    failure
        .platform()
        .is_some_and(|error| error.class == ErrorClass::NotFound)
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
        (age / POLLS_PER_AGE).clamp(self.interval, LONGEST_INTERVAL.max(self.interval))
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
        let Failures { in_a_row, missing } = failures;
        match (call, failure.platform()) {
            (Call::Start, Some(error)) if is_final(error) => Decision::End(Ending::Refused),
            (Call::Cancel | Call::Retry | Call::ListSteps, Some(error)) if !error.retryable => {
                Decision::Skip
            }
            (Call::Retry, _) if in_a_row >= MOST_STARTS => Decision::Skip,
            (Call::Poll, _) if is_missing(failure) && missing > MISSING_POLLS => {
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

/// The wait after so many failures in a row: the first, doubled with each further one.
fn doubled(first: Duration, failures: u32) -> Duration {
    first.saturating_mul(2u32.saturating_pow(failures.saturating_sub(1)))
}

/// Whether the platform refuses a start for good. Permissions and quotas may change meanwhile.
fn is_final(error: &contract::Error) -> bool {
    !error.retryable && !matches!(error.class, ErrorClass::Denied | ErrorClass::Limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    const INTERVAL: Duration = Duration::from_secs(5);
    const YOUNG: Duration = Duration::ZERO;

    fn policy(attendance: Attendance) -> Policy {
        Policy {
            attendance,
            interval: INTERVAL,
            list_steps: false,
            monitor_url: false,
        }
    }

    /// After so many failures in a row, all of one kind.
    fn failures(in_a_row: u32) -> Failures {
        let missing = in_a_row;
        Failures { in_a_row, missing }
    }

    /// What is decided after so many failures in a row.
    fn decided(attendance: Attendance, call: Call, error: &contract::Error, n: u32) -> Decision {
        policy(attendance).decide(call, &error.clone().into(), failures(n), YOUNG)
    }

    fn attended(call: Call, error: &contract::Error, failures: u32) -> Decision {
        decided(Attendance::Attended, call, error, failures)
    }

    fn unattended(call: Call, error: &contract::Error, failures: u32) -> Decision {
        decided(Attendance::Unattended, call, error, failures)
    }

    fn waits(seconds: &[u64]) -> Vec<Decision> {
        let wait = |seconds: &u64| Decision::RetryIn(Duration::from_secs(*seconds));
        seconds.iter().map(wait).collect()
    }

    fn not_found() -> contract::Error {
        contract::Error {
            class: ErrorClass::NotFound,
            ..samples::error()
        }
    }

    #[test]
    fn an_old_run_is_polled_less_often_but_at_least_every_half_minute() {
        let interval = |age| policy(Attendance::Attended).interval_at(Duration::from_secs(age));
        assert_eq!(interval(0), INTERVAL);
        assert_eq!(interval(60), INTERVAL);
        assert_eq!(interval(200), Duration::from_secs(10));
        assert_eq!(interval(86_400), Duration::from_secs(30));
    }

    #[test]
    fn an_interval_longer_than_the_longest_is_the_users_choice() {
        let policy = Policy {
            interval: Duration::from_secs(300),
            ..policy(Attendance::Attended)
        };
        assert_eq!(policy.interval_at(YOUNG), policy.interval);
        assert_eq!(
            policy.decide(Call::Poll, &samples::throttled().into(), failures(1), YOUNG),
            Decision::RetryIn(policy.interval)
        );
    }

    #[test]
    fn while_somebody_waits_the_waits_between_failed_polls_double_up_to_a_minute() {
        for call in [Call::Poll, Call::Cancel] {
            let decisions: Vec<_> = (1..=5)
                .map(|failures| attended(call, &samples::throttled(), failures))
                .collect();
            assert_eq!(decisions, waits(&[5, 10, 20, 40, 60]));
        }
    }

    #[test]
    fn while_somebody_waits_the_twentieth_failed_poll_in_a_row_is_the_last() {
        let last_but_one = attended(Call::Poll, &samples::throttled(), 19);
        assert!(matches!(last_but_one, Decision::RetryIn(_)));
        let last = attended(Call::Poll, &samples::throttled(), 20);
        assert_eq!(last, Decision::GiveUp);
    }

    #[test]
    fn while_somebody_waits_a_start_is_tried_five_times() {
        let decisions: Vec<_> = (1..=4)
            .map(|failures| attended(Call::Start, &samples::throttled(), failures))
            .collect();
        assert_eq!(decisions, waits(&[2, 4, 8, 16]));
        let last = attended(Call::Start, &samples::throttled(), 5);
        assert_eq!(last, Decision::GiveUp);
    }

    #[test]
    fn while_somebody_waits_a_failure_that_is_not_retryable_ends_it_at_once() {
        for call in [Call::Start, Call::Poll] {
            assert_eq!(attended(call, &samples::error(), 1), Decision::GiveUp);
        }
    }

    #[test]
    fn a_run_that_cannot_be_cancelled_is_followed_to_an_end_of_its_own() {
        for attendance in [Attendance::Attended, Attendance::Unattended] {
            let decision = decided(attendance, Call::Cancel, &samples::error(), 1);
            assert_eq!(decision, Decision::Skip);
            let decision = decided(attendance, Call::Cancel, &samples::throttled(), 1);
            assert!(matches!(decision, Decision::RetryIn(_)));
        }
    }

    #[test]
    fn where_nobody_waits_a_call_is_made_again_however_often_it_fails() {
        let policy = Policy {
            interval: Duration::from_millis(50),
            ..policy(Attendance::Unattended)
        };
        let wait = |in_a_row| {
            let failure = samples::throttled().into();
            match policy.decide(Call::Poll, &failure, failures(in_a_row), YOUNG) {
                Decision::RetryIn(wait) => wait.as_millis(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([1, 2, 3, 4].map(wait), [250, 500, 1_000, 2_000]);
        assert_eq!([9, 100, u32::MAX].map(wait), [60_000; 3]);
    }

    #[test]
    fn where_nobody_waits_no_wait_is_shorter_than_the_interval() {
        let decision = unattended(Call::Poll, &samples::throttled(), 1);
        assert_eq!(decision, Decision::RetryIn(INTERVAL));
    }

    #[test]
    fn where_nobody_waits_a_start_is_refused_only_for_what_cannot_be_repaired() {
        for class in [ErrorClass::Denied, ErrorClass::Limit] {
            let error = contract::Error {
                class,
                ..samples::error()
            };
            let decision = unattended(Call::Start, &error, 1);
            assert!(matches!(decision, Decision::RetryIn(_)), "{class:?}");
        }
        let refused = Decision::End(Ending::Refused);
        assert_eq!(unattended(Call::Start, &not_found(), 1), refused);
    }

    #[test]
    fn where_nobody_waits_the_fifth_poll_of_a_run_that_is_not_there_is_the_last() {
        let fourth = unattended(Call::Poll, &not_found(), 4);
        assert!(matches!(fourth, Decision::RetryIn(_)));
        let fifth = unattended(Call::Poll, &not_found(), 5);
        assert_eq!(fifth, Decision::End(Ending::Unknown));
    }

    #[test]
    fn only_polls_that_find_no_run_count_towards_its_end() {
        let mut failures = Failures::default();
        let missing = CallFailure::from(not_found());
        let throttled = CallFailure::from(samples::throttled());
        for _ in 0..4 {
            failures.count(Call::Poll, &missing);
            failures.count(Call::Poll, &throttled);
            failures.count(Call::Cancel, &missing);
        }
        assert_eq!((failures.in_a_row, failures.missing), (12, 4));
        let policy = policy(Attendance::Unattended);
        let decision = policy.decide(Call::Poll, &missing, failures, YOUNG);
        assert!(matches!(decision, Decision::RetryIn(_)), "{decision:?}");
        failures.count(Call::Poll, &missing);
        let decision = policy.decide(Call::Poll, &missing, failures, YOUNG);
        assert_eq!(decision, Decision::End(Ending::Unknown));
    }

    #[test]
    fn a_retry_is_tried_five_times_even_where_nobody_waits() {
        let fourth = unattended(Call::Retry, &samples::throttled(), 4);
        assert!(matches!(fourth, Decision::RetryIn(_)));
        let fifth = unattended(Call::Retry, &samples::throttled(), 5);
        assert_eq!(fifth, Decision::Skip);
        assert_eq!(
            unattended(Call::Retry, &samples::error(), 1),
            Decision::Skip
        );
    }
}
