//! `logs --follow`: logs that are read as they are written.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::anyhow;
use polysync_host::contract::{Run, Step};
use polysync_host::{Clock, JobType, SystemClock};

use super::unreadable;
use super::writer::Writer;
use crate::failure::Failure;
use crate::output::note;
use crate::render::event::{retry, warning};
use crate::render::{errors, text};
use crate::runs::call::{CallFailure, flatten};
use crate::runs::log::{self, Log};
use crate::runs::steps;

/// How many calls may fail in a row for a reason that passes.
const MOST_FAILURES: u32 = 20;

/// Follows the logs of a run.
pub(super) struct Follower<'a> {
    pub(super) job_type: &'a JobType,
    pub(super) run: &'a Run,
    pub(super) tail: Option<u32>,
    pub(super) interval: Duration,
    pub(super) writer: Writer,
}

/// How far a run is, for whoever follows its logs.
struct Progress {
    is_over: bool,
    steps: Vec<Step>,
}

impl Follower<'_> {
    /// Follows the log of a step until the step is over. One that hasn't begun is waited for.
    pub(super) async fn follow_step(&mut self, name: &str) -> Result<(), Failure> {
        self.writer.begin(name, false)?;
        self.follow_begun_step(name).await
    }

    /// Follows the logs of the steps that are wanted now, and of those that begin later, one after the
    /// other, until the run is over.
    pub(super) async fn follow_run(&mut self) -> Result<(), Failure> {
        let mut known = HashSet::new();
        let (mut is_first, mut has_followed) = (true, false);
        loop {
            let Progress { is_over, steps } = self.progress().await?;
            let with_log = || steps.iter().filter(|step| step.has_log);
            let wanted: Vec<_> = match is_first {
                true => log::wanted(&steps),
                false => with_log()
                    .filter(|step| !known.contains(&step.name))
                    .collect(),
            };
            if is_first {
                let earlier = with_log().filter(|step| log::is_over(step));
                known.extend(earlier.map(|step| step.name.clone()));
                is_first = false;
            }
            known.extend(wanted.iter().map(|step| step.name.clone()));
            for step in &wanted {
                let is_one_of_several = has_followed || wanted.len() > 1;
                has_followed = true;
                self.writer.begin(&step.name, is_one_of_several)?;
                match self.follow_begun_step(&step.name).await {
                    // The other logs are followed all the same.
                    Err(Failure::Call(failure)) => note(&unreadable(&step.name, &failure)),
                    followed => followed?,
                }
            }
            match (wanted.is_empty(), is_over) {
                (true, true) if !has_followed => {
                    return Err(anyhow!("the run is over, and no step of it has a log").into());
                }
                (true, true) => return Ok(()),
                (true, false) => self.wait().await,
                (false, _) => {}
            }
        }
    }

    async fn follow_begun_step(&mut self, name: &str) -> Result<(), Failure> {
        let (job_type, run) = (self.job_type, self.run);
        let mut log = Log::new(job_type, run, name, self.tail);
        let mut failures = 0;
        // What was written last may come in after the step's end, so the log is read once more then.
        let mut was_over = false;
        loop {
            let Progress { is_over, steps } = self.progress().await?;
            let step = steps.iter().find(|step| step.name == name);
            if step.is_none() && is_over {
                let name = text::line(name);
                return Err(anyhow!("the run is over, and it has no step `{name}`").into());
            }
            let step_is_over = is_over || step.is_some_and(log::is_over);
            match self.read(&mut log, name).await {
                Ok(()) => failures = 0,
                Err(Failure::Call(failure)) if !was_over && is_for_now(&failure) => {
                    failures += 1;
                    self.warn(&failure, failures)?;
                }
                Err(failure) => return Err(failure),
            }
            if was_over && failures == 0 {
                return Ok(());
            }
            was_over = step_is_over;
            self.wait().await;
        }
    }

    /// Writes what the log has by now.
    async fn read(&mut self, log: &mut Log<'_>, step: &str) -> Result<(), Failure> {
        loop {
            let page = log.next().await?;
            self.writer.write(step, &page.lines)?;
            if !page.more {
                return Ok(());
            }
        }
    }

    /// Warns of a failure to read the log. A log that isn't there yet is not a failure.
    fn warn(&self, failure: &CallFailure, failures: u32) -> Result<(), Failure> {
        if failure.is_missing() {
            return Ok(());
        }
        let reason = errors::in_one_line(failure);
        let retry = retry(Some(self.interval));
        note(&warning(format_args!(
            "reading the log failed: {reason}{retry}"
        )));
        match failures < MOST_FAILURES {
            true => Ok(()),
            false => Err(anyhow!("gave up after {failures} failures: {reason}").into()),
        }
    }

    async fn progress(&self) -> Result<Progress, Failure> {
        let mut failures = 0;
        loop {
            let failure = match self.try_progress().await {
                Ok(progress) => return Ok(progress),
                Err(failure) if failure.is_retryable() => failure,
                Err(failure) => return Err(failure.into()),
            };
            failures += 1;
            self.warn(&failure, failures)?;
            self.wait().await;
        }
    }

    async fn try_progress(&self) -> Result<Progress, CallFailure> {
        // The steps are those of the same time or a later one.
        let status = flatten(self.job_type.status(self.run).await)?;
        let steps = steps::list(self.job_type, self.run).await?;
        Ok(Progress {
            is_over: status.finished,
            steps,
        })
    }

    async fn wait(&self) {
        SystemClock.sleep(self.interval).await;
    }
}

/// Whether a log may be read later that can't be read now.
fn is_for_now(failure: &CallFailure) -> bool {
    failure.is_retryable() || failure.is_missing()
}
