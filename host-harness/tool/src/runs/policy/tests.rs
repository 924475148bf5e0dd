//! When a run is polled, and what is done about a call that failed.

use super::*;
use crate::samples;

const INTERVAL: Duration = Duration::from_secs(5);
const YOUNG: Duration = Duration::ZERO;

fn policy(attendance: Attendance) -> Policy {
    Policy {
        attendance,
        interval: INTERVAL,
        aligned_to: None,
        may_be_put_off: true,
        list_steps: false,
        monitor_url: false,
        log_lines: 0,
    }
}

/// After so many failures in a row, all of one kind.
fn failures(in_a_row: u32) -> Failures {
    Failures {
        in_a_row,
        missing: in_a_row,
        broken: 0,
    }
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

/// A policy whose polls fall on multiples of the interval since 1970.
fn aligned() -> Policy {
    Policy {
        aligned_to: Some(SystemTime::UNIX_EPOCH),
        ..policy(Attendance::Unattended)
    }
}

fn at(milliseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
}

#[test]
fn runs_that_were_asked_about_at_different_times_are_asked_about_together_from_then_on() {
    let next = |now: u64| {
        let wait = aligned().next_poll(at(now), YOUNG, None);
        u128::from(now) + wait.as_millis()
    };
    assert_eq!([0, 1, 1_000, 2_500].map(next), [5_000; 4]);
    assert_eq!([2_501, 5_000, 7_499].map(next), [10_000; 3]);
    // A clock that was set back doesn't make the wait longer.
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(9);
    assert_eq!(aligned().next_poll(before, YOUNG, None), INTERVAL);
}

#[test]
fn where_runs_are_asked_about_together_there_are_few_different_intervals() {
    let interval = |age| aligned().interval_at(Duration::from_secs(age)).as_secs();
    let ages = [0, 199, 200, 399, 400, 599, 600, 86_400];
    assert_eq!(ages.map(interval), [5, 5, 10, 10, 20, 20, 30, 30]);
}

#[test]
fn a_plugin_may_put_a_poll_off_for_a_minute_unless_the_user_gave_an_interval() {
    let wait = |policy: Policy, poll_after| policy.next_poll(at(1_000), YOUNG, Some(poll_after));
    let heeding = policy(Attendance::Attended);
    assert_eq!(wait(heeding, 21_000), Duration::from_secs(20));
    assert_eq!(wait(heeding, 3_600_000), Duration::from_secs(60));
    assert_eq!(wait(heeding, u64::MAX), Duration::from_secs(60));
    for sooner in [0, 1_000, 2_000] {
        assert_eq!(wait(heeding, sooner), INTERVAL);
    }
    let given = Policy {
        may_be_put_off: false,
        ..heeding
    };
    assert_eq!(wait(given, 21_000), INTERVAL);
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
