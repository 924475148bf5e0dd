//! One run from its record to its end: does what the record says is next.
//!
//! What is decided is in the ledger before it is done, and what was learnt is in the ledger before
//! it is reported. A call is pinned to a generation of the plugin, to know who answered; between
//! calls no generation is held.

use std::ops::ControlFlow::{self, Break, Continue};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use polysync_host::contract::{RunStatus, Step};
use polysync_host::{Clock, JobType, PluginIdentity};
use tokio::sync::{Semaphore, mpsc, watch};

use super::call::{Call, CallFailure, flatten};
use super::changes::Changes;
use super::end::End;
use super::ending::Ending;
use super::event::{Event, RunEvent};
use super::ledger::Ledger;
use super::policy::{Decision, Failures, Policy};
use super::polls::Polls;
use super::record::{Next, Progress, Record};
use super::wish::{Wanted, WishOutcome};
use super::{poll, reason};

mod finish;
mod start;

/// What all runs share.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) job_type: JobType,
    pub(crate) polls: Polls,
    pub(crate) ledger: Ledger,
    pub(crate) policy: Policy,
    /// Times the waits between calls, and how long logs are read.
    pub(crate) clock: Arc<dyn Clock>,
    /// A place for each run that may read logs at the same time.
    pub(crate) log_readers: Arc<Semaphore>,
    pub(crate) events: mpsc::UnboundedSender<Event>,
    /// Whether no more calls are to be begun.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A run at work.
#[derive(Debug)]
pub(crate) struct Runner {
    context: Context,
    record: Record,
    /// The latest wish to cancel the run.
    cancel: watch::Receiver<Option<Wanted>>,
    /// The wish that was taken last.
    taken: Option<Wanted>,
    failures: Failures,
    /// Whether a start may have reached the platform.
    in_doubt: bool,
    began: Instant,
    changes: Changes,
    /// All steps as they were last listed.
    steps: Vec<Step>,
    monitor_url: Option<String>,
}

impl Runner {
    pub(crate) fn new(
        context: Context,
        record: Record,
        cancel: watch::Receiver<Option<Wanted>>,
    ) -> Self {
        Self {
            in_doubt: record.progress == Progress::Starting,
            changes: Changes::since(&record.platform_status),
            context,
            record,
            cancel,
            taken: None,
            failures: Failures::default(),
            began: Instant::now(),
            steps: Vec::new(),
            monitor_url: None,
        }
    }

    /// The same for a run whose place to follow it is known.
    pub(crate) fn with_monitor_url(self, monitor_url: Option<String>) -> Self {
        Self {
            monitor_url,
            ..self
        }
    }

    /// Works until the run is finished or given up, or no more calls are to be begun.
    pub(crate) async fn work(mut self) -> End {
        loop {
            if let Break(end) = self.advance().await {
                return end;
            }
        }
    }

    async fn advance(&mut self) -> ControlFlow<End> {
        if *self.context.stopping.borrow() {
            return Break(End::Stopped);
        }
        self.take_wish().await?;
        match self.record.next() {
            Next::Withdraw => self.finish(Ending::Withdrawn, None, None).await,
            Next::Start => self.start().await,
            Next::Cancel => self.cancel().await,
            Next::Retry => self.retry().await,
            Next::Poll => self.poll().await,
            Next::Nothing => Break(self.record.ending().map_or(End::Stopped, End::Finished)),
        }
    }

    async fn cancel(&mut self) -> ControlFlow<End> {
        let Some(run) = self.record.run() else {
            return Continue(());
        };
        let guid = self.record.cancel_guid().to_string();
        let (plugin, answer) = {
            let job_type = self.context.job_type.pin();
            let answer = job_type.cancel(&run, &guid).await;
            (job_type.identity(), flatten(answer))
        };
        match answer {
            Ok(cancellation) => {
                self.failures.in_a_row = 0;
                self.record.settle_cancel(WishOutcome::Accepted);
                self.persist().await?;
                self.emit(RunEvent::Cancelling(cancellation));
                Continue(())
            }
            Err(failure) => self.failed(Call::Cancel, plugin, failure).await,
        }
    }

    /// Retries the run under the GUID of the wish. Like a start, the call is not dropped for a
    /// cancellation that comes meanwhile.
    async fn retry(&mut self) -> ControlFlow<End> {
        let (Some(run), Progress::Retrying { guid, .. }) =
            (self.record.run(), &self.record.progress)
        else {
            return Continue(());
        };
        let guid = guid.to_string();
        let job_type = self.context.job_type.pin();
        let attributes = self.record.job.attributes.clone();
        let answer = self
            .complete(job_type.retry(&run, &attributes, &guid))
            .await?;
        let plugin = job_type.identity();
        drop(job_type);
        match flatten(answer) {
            Ok(retried) => {
                self.failures = Failures::default();
                self.record.retried();
                self.record.answered_by = Some((*plugin).clone());
                self.persist().await?;
                let details = retried.details;
                self.emit(RunEvent::Retried { details });
                Continue(())
            }
            Err(failure) => self.failed(Call::Retry, plugin, failure).await,
        }
    }

    /// Polls once, and waits until the next poll is due. A wish to cancel ends both.
    async fn poll(&mut self) -> ControlFlow<End> {
        let Some(run) = self.record.run() else {
            return Continue(());
        };
        let Context {
            polls,
            job_type,
            policy,
            ..
        } = &self.context;
        let list_from = policy.list_steps.then_some(job_type);
        let broken = self.failures.broken;
        let taken = self.taken;
        let answer = tokio::select! {
            biased;
            Ok(_) = self.cancel.wait_for(|wish| *wish != taken) => return Continue(()),
            answer = poll::status_and_steps(polls, &run, broken, list_from) => answer,
        };
        match answer {
            Some((plugin, Ok((status, steps)))) => self.polled(plugin, status, steps).await,
            Some((plugin, Err(failure))) => self.failed(Call::Poll, plugin, failure).await,
            None => {
                tracing::error!("a poll has failed in the tool itself; it is made again");
                self.wait(policy.interval).await
            }
        }
    }

    async fn polled(
        &mut self,
        plugin: Arc<PluginIdentity>,
        status: RunStatus,
        steps: Option<Result<Vec<Step>, CallFailure>>,
    ) -> ControlFlow<End> {
        self.failures = Failures::default();
        let changed = self.changes.run_changed(&status);
        self.record.answered_by = Some((*plugin).clone());
        self.record
            .platform_status
            .clone_from(&status.platform_status);
        if changed && !status.finished {
            self.persist().await?;
            self.emit(RunEvent::Status(Box::new(status.clone())));
        }
        match steps {
            Some(Ok(steps)) => self.steps_listed(steps),
            Some(Err(failure)) => self.steps_failed(plugin, failure),
            None => {}
        }
        if status.finished {
            let reason = reason::from_status(&status);
            let ending = status.state.into();
            return self.finish(ending, reason, Some(status)).await;
        }
        let Context { policy, clock, .. } = &self.context;
        let wait = policy.next_poll(clock.now(), self.began.elapsed(), status.poll_after);
        self.wait(wait).await
    }

    fn steps_listed(&mut self, steps: Vec<Step>) {
        let changed = self.changes.changed_steps(&steps);
        let is_shorter = steps.len() < self.steps.len();
        self.steps = steps;
        if !changed.is_empty() || is_shorter {
            self.emit(RunEvent::Steps {
                all: self.steps.clone(),
                changed,
            });
        }
    }

    /// The run is followed without its steps where they can't be listed.
    fn steps_failed(&mut self, plugin: Arc<PluginIdentity>, failure: CallFailure) {
        self.context.policy.list_steps = failure.is_retryable();
        self.emit(RunEvent::Error {
            call: Call::ListSteps,
            plugin,
            failure,
            retry_in: None,
        });
    }

    /// Does what the policy says about a call that failed.
    async fn failed(
        &mut self,
        call: Call,
        plugin: Arc<PluginIdentity>,
        failure: CallFailure,
    ) -> ControlFlow<End> {
        self.failures.count(call, &failure);
        let age = self.began.elapsed();
        let decision = self
            .context
            .policy
            .decide(call, &failure, self.failures, age);
        if call == Call::Start && !self.in_doubt && !matches!(decision, Decision::End(_)) {
            // Nothing has reached the platform, so the run can still be withdrawn.
            self.record.progress = Progress::Accepted;
            self.persist().await?;
        }
        let retry_in = match decision {
            Decision::RetryIn(wait) => Some(wait),
            Decision::Skip => {
                // Another call is next.
                self.failures.in_a_row = 0;
                match call {
                    Call::Retry => self.record.retried(),
                    _ => self.record.settle_cancel(WishOutcome::Refused),
                }
                self.persist().await?;
                None
            }
            Decision::End(ending) => {
                self.record.answered_by = Some((*plugin).clone());
                let reason = failure.platform().map(reason::from_error);
                return self.finish(ending, reason, None).await;
            }
            Decision::GiveUp => return Break(End::GaveUp { call, failure }),
        };
        self.emit(RunEvent::Error {
            call,
            plugin,
            failure,
            retry_in,
        });
        match retry_in {
            Some(wait) => self.wait(wait).await,
            None => Continue(()),
        }
    }

    /// Takes the latest wish to cancel the run, if it is a new one.
    async fn take_wish(&mut self) -> ControlFlow<End> {
        let latest = *self.cancel.borrow();
        let Some(wanted) = latest.filter(|_| latest != self.taken) else {
            return Continue(());
        };
        self.taken = latest;
        if self.record.want_cancelled(wanted) {
            self.persist().await?;
            self.emit(RunEvent::CancelWanted);
        }
        Continue(())
    }

    /// Goes through with a call. A wish to cancel that comes meanwhile is persisted and reported at
    /// once.
    async fn complete<T>(&mut self, call: impl Future<Output = T>) -> ControlFlow<End, T> {
        let mut call = pin!(call);
        loop {
            let taken = self.taken;
            let answer = tokio::select! {
                biased;
                Ok(_) = self.cancel.wait_for(|wish| *wish != taken) => None,
                answer = &mut call => Some(answer),
            };
            match answer {
                Some(answer) => return Continue(answer),
                None => self.take_wish().await?,
            }
        }
    }

    /// Waits, unless there is something to do meanwhile.
    async fn wait(&mut self, wait: Duration) -> ControlFlow<End> {
        let taken = self.taken;
        tokio::select! {
            () = self.context.clock.sleep(wait) => {}
            Ok(_) = self.cancel.wait_for(|wish| *wish != taken) => {}
            Ok(_) = self.context.stopping.wait_for(|stopping| *stopping) => {}
        }
        Continue(())
    }

    async fn persist(&self) -> ControlFlow<End> {
        match self.context.ledger.put(&self.record, None).await {
            Ok(()) => Continue(()),
            Err(error) => Break(End::LedgerFailed(error)),
        }
    }

    fn emit(&self, event: RunEvent) {
        let record = Box::new(self.record.clone());
        // Nobody receives events any more when everything ends.
        let _ = self.context.events.send(Event::Run(record, event));
    }
}

#[cfg(test)]
mod tests;
