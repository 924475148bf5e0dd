//! The log of a step, page by page, and which steps' logs a person wants to see first.

use polysync_host::JobType;
use polysync_host::contract::{LogPage, LogPosition, Run, RunState, Step};

use super::call::{CallFailure, flatten};
use super::pages::Pages;
use super::steps;

/// A run whose steps write logs.
pub(crate) trait LoggedRun {
    /// How far the run is.
    async fn progress(&self) -> Result<Progress, CallFailure>;

    /// A page of a step's log.
    async fn page(&self, step: &str, position: &LogPosition) -> Result<LogPage, CallFailure>;
}

/// How far a run is, for whoever follows its logs.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) is_over: bool,
    pub(crate) steps: Vec<Step>,
}

/// A run that the plugin is asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunOfPlugin<'a> {
    pub(crate) job_type: &'a JobType,
    pub(crate) run: &'a Run,
}

impl LoggedRun for RunOfPlugin<'_> {
    async fn progress(&self) -> Result<Progress, CallFailure> {
        // The steps are those of the same time or a later one.
        let status = flatten(self.job_type.status(self.run).await)?;
        let steps = steps::list(self.job_type, self.run).await?;
        Ok(Progress {
            is_over: status.finished,
            steps,
        })
    }

    async fn page(&self, step: &str, position: &LogPosition) -> Result<LogPage, CallFailure> {
        flatten(self.job_type.logs(self.run, step, position).await)
    }
}

/// The log of a step that is read to its end, and further when more was written.
#[derive(Debug)]
pub(crate) struct Log<'a, R> {
    run: &'a R,
    step: &'a str,
    position: LogPosition,
    /// The pages that promised more since the log's last end, so that a log that goes round in circles is
    /// found.
    pages: Pages,
}

impl<'a, R: LoggedRun> Log<'a, R> {
    /// From the oldest line, or from so many lines before the end.
    pub(crate) fn new(run: &'a R, step: &'a str, tail: Option<u32>) -> Self {
        Self {
            run,
            step,
            position: tail.map_or(LogPosition::Oldest, LogPosition::Last),
            pages: pages(),
        }
    }

    pub(crate) fn step(&self) -> &'a str {
        self.step
    }

    /// The next page, which may be empty. After a failure, the same page can be asked for again.
    pub(crate) async fn next(&mut self) -> Result<LogPage, CallFailure> {
        let page = self.run.page(self.step, &self.position).await?;
        match page.more {
            true => {
                self.pages.take(0, 0)?;
                self.pages.follow(Some(&page.cursor))?;
            }
            // A log that is followed for long has many ends, and any number of pages between them.
            false => self.pages = pages(),
        }
        self.position = LogPosition::After(page.cursor.clone());
        Ok(page)
    }
}

fn pages() -> Pages {
    Pages::new("log lines", None)
}

/// Whether a step writes nothing more.
pub(crate) fn is_over(step: &Step) -> bool {
    match step.state {
        RunState::Success | RunState::Failed | RunState::Cancelled => true,
        RunState::Running | RunState::Unknown => step.ended_at.is_some(),
    }
}

/// The steps whose logs are wanted when no step is named: those that failed, else those that run, else the
/// one that began last.
pub(crate) fn wanted(steps: &[Step]) -> Vec<&Step> {
    let in_state = |state| {
        let steps = steps.iter();
        steps
            .filter(|step| step.has_log && step.state == state)
            .collect::<Vec<_>>()
    };
    let failed = in_state(RunState::Failed);
    if !failed.is_empty() {
        return failed;
    }
    let running = in_state(RunState::Running);
    if !running.is_empty() {
        return running;
    }
    let began = steps.iter().filter(|step| step.has_log);
    began
        .max_by_key(|step| step.started_at)
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::samples;

    fn step(name: &str, state: RunState, started_at: u64) -> Step {
        Step {
            name: name.into(),
            state,
            started_at: Some(started_at),
            has_log: true,
            ..samples::failed_step()
        }
    }

    fn names(steps: &[Step]) -> Vec<&str> {
        wanted(steps).iter().map(|step| &*step.name).collect()
    }

    #[test]
    fn without_a_name_the_failed_steps_are_wanted_or_the_running_ones_or_the_last() {
        let mut steps = vec![
            step("a", RunState::Success, 1),
            step("b", RunState::Success, 3),
            step("c", RunState::Success, 2),
        ];
        assert_eq!(names(&steps), ["b"]);
        steps.push(step("d", RunState::Running, 4));
        steps.push(step("e", RunState::Running, 4));
        assert_eq!(names(&steps), ["d", "e"]);
        steps.push(step("f", RunState::Failed, 0));
        assert_eq!(names(&steps), ["f"]);
    }

    /// A log that comes to an end with each third page.
    struct Busy(Cell<u32>);

    impl LoggedRun for Busy {
        async fn progress(&self) -> Result<Progress, CallFailure> {
            unreachable!("a log doesn't ask how far the run is")
        }

        async fn page(&self, _: &str, _: &LogPosition) -> Result<LogPage, CallFailure> {
            let number = self.0.replace(self.0.get() + 1);
            Ok(LogPage {
                lines: Vec::new(),
                cursor: number.to_string(),
                more: number % 3 != 2,
            })
        }
    }

    #[tokio::test]
    async fn a_log_that_comes_to_an_end_now_and_then_may_have_any_number_of_pages() {
        let run = Busy(Cell::new(0));
        let mut log = Log::new(&run, "Train", None);
        for _ in 0..30_000 {
            log.next().await.unwrap();
        }
    }

    #[test]
    fn a_step_without_a_log_is_not_wanted() {
        let silent = Step {
            has_log: false,
            ..step("a", RunState::Failed, 1)
        };
        assert!(wanted(&[silent.clone(), samples::waiting_step()]).is_empty());
        assert_eq!(names(&[silent, step("b", RunState::Success, 1)]), ["b"]);
    }
}
