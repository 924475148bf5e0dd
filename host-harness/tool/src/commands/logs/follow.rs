//! `logs --follow`: logs that are read as they are written.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::anyhow;
use polysync_host::Clock;

use super::reading::{self, unreadable};
use super::writer::Lines;
use crate::failure::Failure;
use crate::output::note;
use crate::render::event::{retry, warning};
use crate::render::{errors, text};
use crate::runs::call::CallFailure;
use crate::runs::log::{self, Log, LoggedRun, Progress};

/// How many calls may fail in a row for a reason that passes.
const MOST_FAILURES: u32 = 20;

/// The same for the last call, when the step is over and nothing more is waited for.
const MOST_LAST_FAILURES: u32 = 5;

/// Follows the logs of a run.
pub(super) struct Follower<'a, R, W> {
    pub(super) run: &'a R,
    pub(super) tail: Option<u32>,
    pub(super) interval: Duration,
    pub(super) clock: &'a dyn Clock,
    pub(super) writer: W,
}

impl<R: LoggedRun, W: Lines> Follower<'_, R, W> {
    /// Follows the log of a step until the step is over. One that hasn't begun is waited for.
    pub(super) async fn follow_step(&mut self, name: &str) -> Result<(), Failure> {
        self.writer.begin(name, false)?;
        self.follow_begun_step(name).await
    }

    /// Follows the logs of the steps that are wanted now, and of those that begin later, one after the
    /// other, until the run is over. Fails in the end if one of them couldn't be read.
    pub(super) async fn follow_run(&mut self) -> Result<(), Failure> {
        let mut known = HashSet::new();
        let (mut is_first, mut has_followed) = (true, false);
        let mut failed = None;
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
                    Err(Failure::Call(failure)) => {
                        note(&unreadable(&step.name, &failure));
                        failed.get_or_insert(failure);
                    }
                    followed => followed?,
                }
            }
            match (wanted.is_empty(), is_over) {
                (true, true) if !has_followed => {
                    return Err(anyhow!("the run is over, and no step of it has a log").into());
                }
                (true, true) => return failed.map_or(Ok(()), |failure| Err(failure.into())),
                (true, false) => self.wait().await,
                (false, _) => {}
            }
        }
    }

    async fn follow_begun_step(&mut self, name: &str) -> Result<(), Failure> {
        let mut log = Log::new(self.run, name, self.tail);
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
            match reading::to_end(&mut log, &mut self.writer).await {
                Ok(()) if was_over => return Ok(()),
                Ok(()) => failures = 0,
                // A log that isn't there yet is not a failure.
                Err(Failure::Call(failure)) if !was_over && failure.is_missing() => {}
                Err(Failure::Call(failure)) if failure.is_retryable() => {
                    failures += 1;
                    if was_over && failures >= MOST_LAST_FAILURES {
                        return Err(failure.into());
                    }
                    self.warn("reading the log", &failure, failures)?;
                }
                Err(failure) => return Err(failure),
            }
            if !was_over && (is_over || step.is_some_and(log::is_over)) {
                was_over = true;
                failures = 0;
            }
            self.wait().await;
        }
    }

    /// Warns of a failure that passes, or gives up after too many.
    fn warn(&self, doing: &str, failure: &CallFailure, failures: u32) -> Result<(), Failure> {
        let reason = errors::in_one_line(failure);
        let retry = retry(Some(self.interval));
        note(&warning(format_args!("{doing} failed: {reason}{retry}")));
        match failures < MOST_FAILURES {
            true => Ok(()),
            false => Err(anyhow!("gave up after {failures} failures: {reason}").into()),
        }
    }

    /// How far the run is. That the platform doesn't know the run for now is a failure like any other.
    async fn progress(&self) -> Result<Progress, Failure> {
        let mut failures = 0;
        loop {
            let failure = match self.run.progress().await {
                Ok(progress) => return Ok(progress),
                Err(failure) if failure.is_retryable() => failure,
                Err(failure) => return Err(failure.into()),
            };
            failures += 1;
            self.warn("polling", &failure, failures)?;
            self.wait().await;
        }
    }

    async fn wait(&self) {
        self.clock.sleep(self.interval).await;
    }
}

#[cfg(test)]
mod tests;
