//! Following a run to its end: what to do next, decided without doing any of it.

pub(crate) mod changes;
pub(crate) mod driver;
pub(crate) mod json_report;
pub(crate) mod live_report;
pub(crate) mod plain_report;
pub(crate) mod report;
pub(crate) mod watch;

use std::time::Duration;

/// Failures in a row after which following is given up.
const MOST_FAILURES: u32 = 20;
/// How far the time between two polls grows with the age of the run.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);
/// How far it grows while polls fail: with [`MOST_FAILURES`], a quarter of an hour of trouble.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);
/// A run is polled this often in its life so far.
const POLLS_PER_AGE: u32 = 20;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Poll,
    Cancel,
    Wait(Duration),
    End(End),
}

/// Why to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The run is over.
    Finished,
    /// The run can't be polled (any more).
    GaveUp,
    /// The user wants to go.
    Left,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Polled { finished: bool },
    PollFailed { retryable: bool },
    CancelAnswered,
    CancelFailed { retryable: bool },
    Waited,
    Interrupted,
}

/// Where we are with a run.
#[derive(Debug)]
pub(crate) struct Follow {
    interval: Duration,
    can_cancel: bool,
    interrupted: bool,
    cancel_due: bool,
    failures: u32,
}

impl Follow {
    /// For a run that was just started. `interval` is the shortest time between two polls.
    pub(crate) fn new(interval: Duration, can_cancel: bool) -> Self {
        Self {
            interval,
            can_cancel,
            interrupted: false,
            cancel_due: false,
            failures: 0,
        }
    }

    /// The next thing to do, for a run that has been followed for `age`.
    pub(crate) fn on(&mut self, event: Event, age: Duration) -> Action {
        match event {
            Event::Polled { finished: true } => Action::End(End::Finished),
            Event::Polled { finished: false } => {
                self.failures = 0;
                Action::Wait(self.interval_at(age))
            }
            Event::PollFailed { retryable: true } => self.back_off(age),
            Event::PollFailed { retryable: false } => Action::End(End::GaveUp),
            Event::CancelAnswered => {
                self.cancel_due = false;
                Action::Poll
            }
            Event::CancelFailed { retryable: true } => self.back_off(age),
            Event::CancelFailed { retryable: false } => {
                self.cancel_due = false;
                Action::Poll
            }
            Event::Waited if self.cancel_due => Action::Cancel,
            Event::Waited => Action::Poll,
            Event::Interrupted if self.interrupted || !self.can_cancel => Action::End(End::Left),
            Event::Interrupted => {
                self.interrupted = true;
                self.cancel_due = true;
                Action::Cancel
            }
        }
    }

    fn back_off(&mut self, age: Duration) -> Action {
        self.failures += 1;
        if self.failures >= MOST_FAILURES {
            return Action::End(End::GaveUp);
        }
        let wait = self
            .interval_at(age)
            .saturating_mul(2u32.saturating_pow(self.failures - 1));
        Action::Wait(wait.min(LONGEST_BACKOFF.max(self.interval)))
    }

    fn interval_at(&self, age: Duration) -> Duration {
        interval_at(self.interval, age)
    }
}

/// The time between two polls of a run of this age, of which `shortest` is the shortest.
pub(crate) fn interval_at(shortest: Duration, age: Duration) -> Duration {
    (age / POLLS_PER_AGE).clamp(shortest, LONGEST_INTERVAL.max(shortest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(5);
    const YOUNG: Duration = Duration::ZERO;

    fn follow() -> Follow {
        Follow::new(INTERVAL, true)
    }

    #[test]
    fn a_run_is_polled_until_it_is_over() {
        let mut follow = follow();

        assert_eq!(
            follow.on(Event::Polled { finished: false }, YOUNG),
            Action::Wait(INTERVAL)
        );
        assert_eq!(follow.on(Event::Waited, YOUNG), Action::Poll);
        assert_eq!(
            follow.on(Event::Polled { finished: true }, YOUNG),
            Action::End(End::Finished)
        );
    }

    #[test]
    fn an_old_run_is_polled_less_often_but_at_least_every_half_minute() {
        let wait = |age| follow().on(Event::Polled { finished: false }, Duration::from_secs(age));

        assert_eq!(wait(60), Action::Wait(INTERVAL));
        assert_eq!(wait(200), Action::Wait(Duration::from_secs(10)));
        assert_eq!(wait(86_400), Action::Wait(LONGEST_INTERVAL));
    }

    #[test]
    fn an_interval_longer_than_the_longest_is_the_users_choice() {
        let interval = Duration::from_secs(300);
        let mut follow = Follow::new(interval, true);

        assert_eq!(
            follow.on(Event::Polled { finished: false }, YOUNG),
            Action::Wait(interval)
        );
        assert_eq!(
            follow.on(Event::PollFailed { retryable: true }, YOUNG),
            Action::Wait(interval)
        );
    }

    #[test]
    fn trouble_that_passes_is_waited_out_longer_each_time() {
        let mut follow = follow();
        let waits: Vec<_> = (0..5)
            .map(|_| follow.on(Event::PollFailed { retryable: true }, YOUNG))
            .collect();

        assert_eq!(
            waits,
            [5, 10, 20, 40, 60].map(|seconds| Action::Wait(Duration::from_secs(seconds)))
        );
    }

    #[test]
    fn trouble_that_does_not_pass_is_given_up_in_the_end() {
        let mut follow = follow();
        for _ in 1..MOST_FAILURES {
            assert!(matches!(
                follow.on(Event::PollFailed { retryable: true }, YOUNG),
                Action::Wait(_)
            ));
        }
        assert_eq!(
            follow.on(Event::PollFailed { retryable: true }, YOUNG),
            Action::End(End::GaveUp)
        );
    }

    #[test]
    fn a_good_poll_forgets_the_trouble_before() {
        let mut follow = follow();
        for _ in 1..MOST_FAILURES {
            follow.on(Event::PollFailed { retryable: true }, YOUNG);
        }
        follow.on(Event::Polled { finished: false }, YOUNG);

        assert_eq!(
            follow.on(Event::PollFailed { retryable: true }, YOUNG),
            Action::Wait(INTERVAL)
        );
    }

    #[test]
    fn an_error_that_will_not_pass_ends_it_at_once() {
        assert_eq!(
            follow().on(Event::PollFailed { retryable: false }, YOUNG),
            Action::End(End::GaveUp)
        );
    }

    #[test]
    fn the_first_interrupt_cancels_and_the_run_is_followed_to_its_end() {
        let mut follow = follow();

        assert_eq!(follow.on(Event::Interrupted, YOUNG), Action::Cancel);
        assert_eq!(follow.on(Event::CancelAnswered, YOUNG), Action::Poll);
        assert_eq!(
            follow.on(Event::Polled { finished: false }, YOUNG),
            Action::Wait(INTERVAL)
        );
        assert_eq!(follow.on(Event::Waited, YOUNG), Action::Poll);
    }

    #[test]
    fn the_second_interrupt_leaves() {
        let mut follow = follow();
        follow.on(Event::Interrupted, YOUNG);

        assert_eq!(follow.on(Event::Interrupted, YOUNG), Action::End(End::Left));
    }

    #[test]
    fn where_nothing_can_be_cancelled_the_first_interrupt_leaves() {
        assert_eq!(
            Follow::new(INTERVAL, false).on(Event::Interrupted, YOUNG),
            Action::End(End::Left)
        );
    }

    #[test]
    fn a_cancellation_that_fails_for_now_is_asked_for_again() {
        let mut follow = follow();
        follow.on(Event::Interrupted, YOUNG);

        assert_eq!(
            follow.on(Event::CancelFailed { retryable: true }, YOUNG),
            Action::Wait(INTERVAL)
        );
        assert_eq!(follow.on(Event::Waited, YOUNG), Action::Cancel);
    }

    #[test]
    fn a_cancellation_that_is_refused_leaves_the_run_followed() {
        let mut follow = follow();
        follow.on(Event::Interrupted, YOUNG);

        assert_eq!(
            follow.on(Event::CancelFailed { retryable: false }, YOUNG),
            Action::Poll
        );
        follow.on(Event::Polled { finished: false }, YOUNG);
        assert_eq!(follow.on(Event::Waited, YOUNG), Action::Poll);
    }
}
