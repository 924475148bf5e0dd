//! The log of a step, page by page, and which steps' logs a person wants to see first.

use polysync_host::JobType;
use polysync_host::contract::{LogPage, LogPosition, Run, RunState, Step};

use super::call::{CallFailure, flatten};
use super::pages::Pages;

/// The log of a step that is read to its end, and further when more was written.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    job_type: &'a JobType,
    run: &'a Run,
    step: &'a str,
    position: LogPosition,
    /// The pages that promised more, so that a log that goes round in circles is found.
    pages: Pages,
}

impl<'a> Log<'a> {
    /// From the oldest line, or from so many lines before the end.
    pub(crate) fn new(
        job_type: &'a JobType,
        run: &'a Run,
        step: &'a str,
        tail: Option<u32>,
    ) -> Self {
        Self {
            job_type,
            run,
            step,
            position: tail.map_or(LogPosition::Oldest, LogPosition::Last),
            pages: Pages::new("log lines", None),
        }
    }

    /// The next page, which may be empty. After a failure, the same page can be asked for again.
    pub(crate) async fn next(&mut self) -> Result<LogPage, CallFailure> {
        let Self {
            run,
            step,
            position,
            ..
        } = self;
        let page = flatten(self.job_type.logs(run, step, position).await)?;
        if page.more {
            self.pages.take(0, 0)?;
            self.pages.follow(Some(&page.cursor))?;
        }
        self.position = LogPosition::After(page.cursor.clone());
        Ok(page)
    }
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
