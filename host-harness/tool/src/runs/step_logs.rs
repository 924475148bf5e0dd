//! The last lines of the logs of the steps to blame, for whoever reads how a run ended.

use polysync_host::JobType;
use polysync_host::contract::{LogLine, LogPosition, Run, RunState, RunStatus, Step};
use polysync_host::text;

use super::call::{CallFailure, flatten};

/// The most steps of a run whose logs are read.
const MOST_STEPS: usize = 3;
/// The most pages of a log that are read.
const MOST_PAGES: usize = 5;
/// What of a line is kept, in bytes. `logs` shows all of it.
const LINE: usize = 2_048;

/// The end of a step's log.
#[derive(Debug)]
pub(crate) struct StepLog {
    /// The step's name.
    pub(crate) step: String,
    /// The last lines, or why they can't be read.
    pub(crate) lines: Result<Vec<LogLine>, CallFailure>,
}

/// The steps to blame: those that the status names, else the failed ones of the last list.
pub(crate) fn to_blame<'a>(status: &'a RunStatus, last_steps: &'a [Step]) -> Vec<&'a Step> {
    match status.failed_steps.as_slice() {
        [] => last_steps
            .iter()
            .filter(|step| step.state == RunState::Failed)
            .collect(),
        steps => steps.iter().collect(),
    }
}

/// The last so many lines of the logs of these steps, as far as they have any.
pub(crate) async fn read(
    job_type: &JobType,
    run: &Run,
    steps: &[&Step],
    lines: u32,
) -> Vec<StepLog> {
    let mut logs = Vec::new();
    for step in steps.iter().filter(|step| step.has_log).take(MOST_STEPS) {
        logs.push(StepLog {
            step: step.name.clone(),
            lines: last_lines(job_type, run, &step.name, lines).await,
        });
    }
    logs
}

async fn last_lines(
    job_type: &JobType,
    run: &Run,
    step: &str,
    number: u32,
) -> Result<Vec<LogLine>, CallFailure> {
    let most = usize::try_from(number).unwrap_or(usize::MAX);
    let mut position = LogPosition::Last(number);
    let mut lines = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = flatten(job_type.logs(run, step, &position).await)?;
        lines.extend(page.lines.into_iter().map(short));
        let superfluous = lines.len().saturating_sub(most);
        lines.drain(..superfluous);
        if !page.more {
            break;
        }
        position = LogPosition::After(page.cursor);
    }
    Ok(lines)
}

fn short(line: LogLine) -> LogLine {
    LogLine {
        message: text::line(line.message.trim_end(), LINE).into_owned(),
        ..line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_steps_to_blame_are_the_statuss_or_else_the_failed_ones_of_the_last_list() {
        let status = samples::failed_status();
        let listed = [samples::waiting_step(), samples::failed_step()];
        assert_eq!(to_blame(&status, &listed), [&status.failed_steps[0]]);
        let silent = RunStatus {
            failed_steps: Vec::new(),
            ..status
        };
        assert_eq!(to_blame(&silent, &listed), [&listed[1]]);
    }

    #[test]
    fn a_line_that_is_kept_is_short_and_one_line() {
        let line = short(LogLine {
            time: None,
            source: String::new(),
            message: "x".repeat(10_000) + "\ny\n",
        });
        // It says too how much was cut.
        assert!(line.message.len() < LINE + 64, "{}", line.message.len());
        assert!(!line.message.contains('\n'));
    }
}
