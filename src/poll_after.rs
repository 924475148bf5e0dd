//! When it is worth asking again how an execution is.
//!
//! What begins or changes may change again soon: a step that fails does so in its first minutes. What
//! has been the same for hours mostly stays so for minutes more. So the wait is a part of the time since
//! SageMaker last changed the execution, within bounds. A retry and a stop change it, and are
//! polled like a start.

use crate::execution_status::ExecutionStatus;

/// In milliseconds: SageMaker takes seconds to begin a step.
const SHORTEST: u64 = 5_000;
/// In milliseconds: nobody learns of the end later than that.
const LONGEST: u64 = 60_000;
/// The part of the time since the last change.
const PART: u64 = 20;

/// The time of the next question, in milliseconds since 1970: after a twentieth of the time since
/// `changed_at`, but at least 5 and at most 60 seconds after `now`. `changed_at` is the latest time that
/// SageMaker tells of the execution: its last change, else its start. `None` for an execution that is
/// over, and where SageMaker tells no time.
pub fn poll_after(status: ExecutionStatus, changed_at: Option<u64>, now: u64) -> Option<u64> {
    // SageMaker's clock may be ahead of the host's.
    let age = now.saturating_sub(changed_at?);
    let wait = (age / PART).clamp(SHORTEST, LONGEST);
    (!status.is_finished()).then(|| now.saturating_add(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000;
    const MINUTE: u64 = 60 * SECOND;
    const NOW: u64 = 1_700_000_000_000;

    /// The seconds until the next question, for an execution that changed so long ago.
    fn wait(status: ExecutionStatus, age: u64) -> Option<u64> {
        poll_after(status, Some(NOW - age), NOW).map(|at| (at - NOW) / SECOND)
    }

    #[test]
    fn a_fresh_execution_is_asked_about_soon_and_an_old_one_once_a_minute() {
        for status in [
            ExecutionStatus::Executing,
            ExecutionStatus::Stopping,
            ExecutionStatus::Other,
        ] {
            for (age, expected) in [
                (0, 5),
                (100 * SECOND, 5),
                (4 * MINUTE, 12),
                (10 * MINUTE, 30),
                (20 * MINUTE, 60),
                (30 * 24 * 60 * MINUTE, 60),
            ] {
                assert_eq!(wait(status, age), Some(expected), "{status:?} {age}");
            }
        }
    }

    #[test]
    fn nobody_need_ask_about_an_execution_that_is_over() {
        for status in [
            ExecutionStatus::Succeeded,
            ExecutionStatus::Failed,
            ExecutionStatus::Stopped,
            ExecutionStatus::CompletedWithFailures,
        ] {
            assert_eq!(wait(status, MINUTE), None, "{status:?}");
        }
    }

    #[test]
    fn without_a_time_of_sagemakers_the_host_decides() {
        assert_eq!(poll_after(ExecutionStatus::Executing, None, NOW), None);
    }

    #[test]
    fn times_that_make_no_sense_break_nothing() {
        let ahead = poll_after(ExecutionStatus::Executing, Some(u64::MAX), NOW);
        assert_eq!(ahead, Some(NOW + 5 * SECOND));
        let late = poll_after(ExecutionStatus::Executing, Some(0), u64::MAX);
        assert_eq!(late, Some(u64::MAX));
    }
}
