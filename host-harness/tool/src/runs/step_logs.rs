//! The last lines of the logs of the steps to blame, for whoever reads how a run ended.

use std::time::Duration;

use polysync_host::contract::{self, ErrorClass, LogLine, LogPosition, RunState, RunStatus, Step};
use polysync_host::text;

use super::call::CallFailure;
use super::log::LoggedRun;

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

impl StepLog {
    /// The log of a step that wasn't read in time.
    pub(crate) fn late(step: &Step, limit: Duration) -> Self {
        let error = contract::Error {
            class: ErrorClass::Unavailable,
            code: "LogsTakeTooLong".to_owned(),
            message: format!("the log wasn't read within {} s", limit.as_secs()),
            hint: "`polysync-harness logs` reads it.".to_owned(),
            retryable: true,
            request_id: None,
            details: Vec::new(),
        };
        Self {
            step: step.name.clone(),
            lines: Err(error.into()),
        }
    }
}

/// The steps whose logs are read: the first of those to blame that have one.
pub(crate) fn to_read<'a>(status: &'a RunStatus, last_steps: &'a [Step]) -> Vec<&'a Step> {
    let steps = to_blame(status, last_steps).into_iter();
    steps.filter(|step| step.has_log).take(MOST_STEPS).collect()
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

/// Reads the last so many lines of the logs of these steps. A plugin that breaks isn't asked again: it would
/// break for the next step too, and a call that breaks may take long.
pub(crate) async fn read(
    run: &impl LoggedRun,
    steps: &[&Step],
    lines: u32,
    logs: &mut Vec<StepLog>,
) {
    for step in steps {
        let lines = last_lines(run, &step.name, lines).await;
        let broke = matches!(&lines, Err(failure) if failure.platform().is_none());
        logs.push(StepLog {
            step: step.name.clone(),
            lines,
        });
        if broke {
            return;
        }
    }
}

async fn last_lines(
    run: &impl LoggedRun,
    step: &str,
    number: u32,
) -> Result<Vec<LogLine>, CallFailure> {
    let most = usize::try_from(number).unwrap_or(usize::MAX);
    let mut position = LogPosition::Last(number);
    let mut lines = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = run.page(step, &position).await?;
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
    use std::cell::Cell;

    use polysync_host::contract::LogPage;

    use super::*;
    use crate::runs::log::Progress;
    use crate::runs::pages::EndlessList;
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

    /// A run none of whose logs can be read, and how often that was tried.
    struct Unreadable<F>(F, Cell<u32>);

    impl<F: Fn() -> CallFailure> LoggedRun for Unreadable<F> {
        async fn progress(&self) -> Result<Progress, CallFailure> {
            unreachable!("the run is over")
        }

        async fn page(&self, _: &str, _: &LogPosition) -> Result<LogPage, CallFailure> {
            self.1.set(self.1.get() + 1);
            Err((self.0)())
        }
    }

    #[tokio::test]
    async fn a_plugin_that_breaks_is_not_asked_for_the_next_log_but_a_platform_that_refuses_is() {
        let refused = || samples::error().into();
        let broke = || EndlessList::Pages { what: "log lines" }.into();
        for (failure, expected) in [(&refused as &dyn Fn() -> _, 2), (&broke, 1)] {
            let run = Unreadable(failure, Cell::new(0));
            let mut logs = Vec::new();
            read(&run, &[&samples::failed_step(); 2], 10, &mut logs).await;
            assert_eq!((run.1.get(), logs.len()), (expected, expected as usize));
        }
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
