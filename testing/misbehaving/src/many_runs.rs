//! Answers for many runs: too few or too many of them, or one that says which run it is for.

use super::text::has_order;
use super::{Connection, Error, Run, RunStatus};

/// One answer by `status` for each run, but for what the order changes:
///
/// - `too-few` leaves out the last, and `too-many` repeats it;
/// - `echo-runs` puts the run id into the message, and the number of runs into the platform's word. A run
///   `trap` traps.
pub(crate) fn statuses(
    connection: &Connection,
    runs: Vec<Run>,
    status: impl Fn(Run) -> Result<RunStatus, Error>,
) -> Vec<Result<RunStatus, Error>> {
    let count = runs.len();
    let answer = |run: Run| {
        let run_id = run.run_id.clone();
        let mut answered = status(run);
        if has_order(connection, "echo-runs")
            && let Ok(status) = &mut answered
        {
            if run_id == "trap" {
                std::process::abort();
            }
            status.platform_status = count.to_string();
            status.message = Some(run_id);
        }
        answered
    };
    let mut answers: Vec<_> = runs.into_iter().map(answer).collect();
    if has_order(connection, "too-few") {
        answers.pop();
    }
    if has_order(connection, "too-many") {
        answers.extend(answers.last().cloned());
    }
    answers
}
