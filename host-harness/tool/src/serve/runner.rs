//! One run, from the ledger to its end: does what its record says is next.
//!
//! What is decided is on disk before it is done, and what was learnt is on disk before it is told. A
//! call is pinned to a generation, to know who answered; between calls none is held.

use std::sync::Arc;
use std::time::{Duration, Instant};

use polysync_host::contract::{ErrorClass, Job, RunStatus};
use polysync_host::{JobType, PluginIdentity, contract};
use tokio::sync::{mpsc, watch};

use super::ledger::Ledger;
use super::record::{Ending, Next, Progress, Record};
use super::told::Told;
use crate::failure::{Failure, flatten};
use crate::follow::interval_at;

/// The first wait after a failure, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(60));

/// After how many polls in a row a run that the platform doesn't know is given up. One alone can be
/// a platform that has not yet heard everywhere of a run that it has just started.
const MISSING_POLLS: u32 = 4;

/// What all runs share.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) job_type: JobType,
    pub(crate) ledger: Ledger,
    pub(crate) interval: Duration,
    pub(crate) told: mpsc::UnboundedSender<Told>,
    /// Whether no more calls are to be made.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A run at work.
pub(crate) struct Runner {
    around: Surroundings,
    record: Record,
    /// Whether somebody wants it cancelled, told from outside.
    cancel: watch::Receiver<bool>,
    failures: u32,
    /// Whether a start may have reached the platform.
    in_doubt: bool,
    began: Instant,
}

/// Why a runner ends.
enum Stop {
    /// There is nothing more to do, or nothing is to be done any more.
    Done,
    Ledger(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Ledger(error)
    }
}

impl Runner {
    pub(crate) fn new(around: Surroundings, record: Record, cancel: watch::Receiver<bool>) -> Self {
        Self {
            in_doubt: record.progress == Progress::Starting,
            around,
            record,
            cancel,
            failures: 0,
            began: Instant::now(),
        }
    }

    /// Works until the run is over, or no more calls are to be made.
    pub(crate) async fn work(mut self) {
        loop {
            match self.step().await {
                Ok(()) => {}
                Err(Stop::Done) => break,
                Err(Stop::Ledger(error)) => {
                    self.tell(Told::LedgerFailed(error));
                    break;
                }
            }
        }
    }

    async fn step(&mut self) -> Result<(), Stop> {
        if *self.around.stopping.borrow() {
            return Err(Stop::Done);
        }
        if *self.cancel.borrow() && !self.record.cancel {
            self.record.cancel = true;
            self.keep().await?;
            self.tell(Told::CancelWanted(self.copy()));
        }
        match self.record.next() {
            Next::Withdraw => self.over(Ending::Withdrawn, None).await,
            Next::Start => self.start().await,
            Next::Cancel => self.cancel().await,
            Next::Poll => self.poll().await,
            Next::Nothing => Err(Stop::Done),
        }
    }

    async fn start(&mut self) -> Result<(), Stop> {
        if self.record.progress == Progress::Accepted {
            self.record.progress = Progress::Starting;
            self.keep().await?;
        }
        let job_type = self.around.job_type.pin();
        let job = Job::from(&self.record.job);
        let guid = self.record.guid.to_string();
        let by = job_type.identity();
        let answer = flatten(job_type.start(&job, &guid).await);
        drop(job_type);
        match answer {
            Ok(started) => {
                self.failures = 0;
                self.record.started(started.run_id, &by);
                self.keep().await?;
                self.tell(Told::Started(self.copy()));
                Ok(())
            }
            Err(Failure::Platform(error)) if is_final(&error) => {
                self.record.answered_by = Some((&*by).into());
                let reason = reason_of(&error);
                self.over(Ending::Refused, Some(reason)).await
            }
            Err(failure) => {
                let is_refusal = matches!(&failure, Failure::Platform(error) if !error.retryable);
                self.in_doubt |= !is_refusal;
                if !self.in_doubt {
                    self.record.progress = Progress::Accepted;
                    self.keep().await?;
                }
                self.trouble("starting", by, failure).await
            }
        }
    }

    async fn cancel(&mut self) -> Result<(), Stop> {
        let Some(run) = self.record.run() else {
            return Ok(());
        };
        let job_type = self.around.job_type.pin();
        let guid = self.record.guid.to_string();
        let by = job_type.identity();
        let answer = flatten(job_type.cancel(&run, &guid).await);
        drop(job_type);
        match answer {
            Ok(cancellation) => {
                self.failures = 0;
                self.record.asked_to_stop();
                self.keep().await?;
                self.tell(Told::Cancelling(self.copy(), cancellation.message));
                Ok(())
            }
            Err(Failure::Platform(error)) if !error.retryable => {
                // It can't be stopped, so it is followed to an end of its own.
                self.record.asked_to_stop();
                self.keep().await?;
                self.tell(Told::Trouble {
                    record: self.copy(),
                    doing: "cancelling",
                    by,
                    failure: Failure::Platform(error),
                    retry_in: None,
                });
                Ok(())
            }
            Err(failure) => self.trouble("cancelling", by, failure).await,
        }
    }

    async fn poll(&mut self) -> Result<(), Stop> {
        let Some(run) = self.record.run() else {
            return Ok(());
        };
        let job_type = self.around.job_type.pin();
        let by = job_type.identity();
        let answer = job_type.status(&run).await;
        drop(job_type);
        match answer {
            Ok(Ok(status)) => {
                self.failures = 0;
                self.polled(&by, status).await
            }
            Ok(Err(error))
                if error.class == ErrorClass::NotFound && self.failures >= MISSING_POLLS =>
            {
                let reason = reason_of(&error);
                self.over(Ending::Unknown, Some(reason)).await
            }
            other => match flatten(other) {
                Err(failure) => self.trouble("polling", by, failure).await,
                Ok(_) => Ok(()),
            },
        }
    }

    async fn polled(&mut self, by: &PluginIdentity, status: RunStatus) -> Result<(), Stop> {
        let changed = self.record.platform_status != status.platform_status;
        self.record.answered_by = Some(by.into());
        self.record
            .platform_status
            .clone_from(&status.platform_status);
        if status.finished {
            let reason = reason_of_end(&status);
            return self.over(status.state.into(), reason).await;
        }
        if changed {
            self.keep().await?;
            self.tell(Told::Changed(self.copy()));
        }
        let wait = interval_at(self.around.interval, self.began.elapsed());
        self.wait(wait).await
    }

    /// Tells of a failure, and waits longer each time. A plugin that breaks is no reason to give a
    /// run up: a better one may be swapped in meanwhile.
    async fn trouble(
        &mut self,
        doing: &'static str,
        by: Arc<PluginIdentity>,
        failure: Failure,
    ) -> Result<(), Stop> {
        let (first, longest) = BACKOFF;
        let wait = first
            .saturating_mul(2u32.saturating_pow(self.failures))
            .clamp(self.around.interval.min(longest), longest);
        self.failures = self.failures.saturating_add(1);
        self.tell(Told::Trouble {
            record: self.copy(),
            doing,
            by,
            failure,
            retry_in: Some(wait),
        });
        self.wait(wait).await
    }

    async fn over(&mut self, ending: Ending, reason: Option<String>) -> Result<(), Stop> {
        self.record.over(ending, reason);
        self.keep().await?;
        self.tell(Told::Over(self.copy()));
        Err(Stop::Done)
    }

    /// Waits, unless there is something to do meanwhile.
    async fn wait(&mut self, wait: Duration) -> Result<(), Stop> {
        let cancelled = self.record.cancel;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = self.cancel.wait_for(|cancel| *cancel), if !cancelled => {}
            _ = self.around.stopping.wait_for(|stopping| *stopping) => {}
        }
        Ok(())
    }

    async fn keep(&self) -> Result<(), Stop> {
        Ok(self.around.ledger.put(&self.record, None).await?)
    }

    fn copy(&self) -> Box<Record> {
        Box::new(self.record.clone())
    }

    fn tell(&self, told: Told) {
        // Nobody listens only when all ends.
        let _ = self.around.told.send(told);
    }
}

/// Whether a start that was refused is refused for good. Permissions and quotas are somebody's to
/// change meanwhile.
fn is_final(error: &contract::Error) -> bool {
    !error.retryable && !matches!(error.class, ErrorClass::Denied | ErrorClass::Limit)
}

fn reason_of(error: &contract::Error) -> String {
    [&error.code, &error.message, &error.hint]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(": ")
}

/// What the platform says, and what the steps to blame say.
fn reason_of_end(status: &RunStatus) -> Option<String> {
    let steps = status.failed_steps.iter().map(|step| {
        let reason = step.reason.as_deref().unwrap_or(&step.platform_status);
        format!("{}: {reason}", step.name)
    });
    let parts: Vec<_> = status.message.iter().cloned().chain(steps).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
