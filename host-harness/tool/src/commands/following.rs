//! Following a run to its end while somebody waits: what `run` and `follow` have in common.

use std::pin::pin;
use std::sync::Arc;

use polysync_host::contract::Finding;
use polysync_host::{Clock, JobType, SystemClock};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::cli::run::FollowingArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::interrupts::Interrupts;
use crate::invocation;
use crate::output::note;
use crate::report::reporter::Reporter;
use crate::runs::call::Call;
use crate::runs::end::End;
use crate::runs::event::{Event, RunEvent};
use crate::runs::ledger::Ledger;
use crate::runs::policy::{Attendance, Policy};
use crate::runs::polls::Polls;
use crate::runs::record::Record;
use crate::runs::runner::{Context, Runner};
use crate::runs::wish::Wanted;
use crate::session::Session;

/// Somebody waits; steps and the place to follow the run are shown where the plugin offers them.
pub(crate) fn policy(session: &Session<'_>, arguments: &FollowingArgs) -> Policy {
    let offers = |feature: Feature| feature.is_offered_by(session.description());
    Policy {
        attendance: Attendance::Attended,
        interval: arguments.polling.interval(),
        aligned_to: None,
        may_be_put_off: arguments.polling.may_be_put_off(),
        list_steps: offers(Feature::Steps),
        monitor_url: offers(Feature::MonitorUrl),
        log_lines: arguments.log_lines,
    }
}

/// Says how to go on with a run that isn't finished, and how the command ends.
pub(crate) fn conclude(
    session: &Session<'_>,
    record: &Record,
    followed: Result<Followed, Failure>,
) -> Result<Exit, Failure> {
    let is_idempotent = Feature::IdempotentStart.is_offered_by(session.description());
    let exit = match followed {
        Ok(Followed::Ended(End::Finished(ending))) => return Ok(ending.into()),
        Ok(Followed::Ended(End::GaveUp {
            call: Call::Start,
            failure,
        })) => {
            return Err(Failure::from_start(session.given(), failure, record.guid));
        }
        Ok(Followed::Ended(End::GaveUp { failure, .. })) if failure.is_missing() => {
            return Err(failure.into());
        }
        Ok(Followed::Ended(End::GaveUp { failure, .. })) => Err(failure.into()),
        Ok(Followed::Ended(End::LedgerFailed(error))) => Err(error.into()),
        Ok(Followed::Ended(End::Stopped) | Followed::Left) => Ok(Exit::Error),
        Err(failure) => Err(failure),
    };
    match record.run() {
        Some(run) => {
            let status = invocation::status(session.given(), &run);
            note(&format!("The run goes on. See its status with\n  {status}"));
        }
        None if exit.is_ok() && is_idempotent => {
            note(&invocation::same_guid_again(record.guid));
        }
        None if exit.is_ok() => {
            note("There may be a run all the same: look for it on the platform.");
        }
        None => {}
    }
    exit
}

/// How following ended.
pub(crate) enum Followed {
    Ended(End),
    /// The user left.
    Left,
}

/// A run that is followed, the user who may interrupt, and what they see.
pub(crate) struct Following {
    pub(crate) interrupts: Interrupts,
    pub(crate) reporter: Box<dyn Reporter>,
    /// The run as it was last reported.
    pub(crate) record: Record,
    pub(crate) interrupt_history: InterruptHistory,
}

impl Following {
    pub(crate) fn report_warnings(&mut self, warnings: Vec<Finding>) -> Result<(), Failure> {
        warnings
            .into_iter()
            .try_for_each(|finding| self.report_own(RunEvent::Finding(finding)))
    }

    /// Follows the run until it is finished or given up, or until the user leaves. It begins with this
    /// event, so that the user has the GUID or the run id before the platform is asked.
    pub(crate) async fn follow(
        &mut self,
        job_type: JobType,
        policy: Policy,
        begins: RunEvent,
    ) -> Result<Followed, Failure> {
        let (events, mut happened) = mpsc::unbounded_channel();
        let (cancel, cancelled) = watch::channel(None);
        let (_stop, stopping) = watch::channel(false);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let context = Context {
            polls: Polls::one_by_one(job_type.clone(), Arc::clone(&clock)),
            job_type,
            ledger: Ledger::in_memory()?,
            policy,
            clock,
            log_readers: Arc::new(Semaphore::new(1)),
            events,
            stopping,
        };
        let monitor_url = match &begins {
            RunEvent::Following { monitor_url } => monitor_url.clone(),
            _ => None,
        };
        self.report_own(begins)?;
        let runner = Runner::new(context, self.record.clone(), cancelled);
        let mut work = pin!(runner.with_monitor_url(monitor_url).work());
        loop {
            tokio::select! {
                biased;
                Some(event) = happened.recv() => self.report(&event)?,
                () = self.interrupts.next() => match self.interrupt_history.interrupt() {
                    Reaction::Cancel => {
                        cancel.send_replace(Some(Wanted::new()));
                    }
                    Reaction::Leave => {
                        self.report_own(RunEvent::Left)?;
                        return Ok(Followed::Left);
                    }
                },
                end = &mut work => {
                    // The runner is gone, so these are its last events.
                    while let Some(event) = happened.recv().await {
                        self.report(&event)?;
                    }
                    return Ok(Followed::Ended(end));
                }
            }
        }
    }

    /// Reports an event that doesn't come from the runner.
    fn report_own(&mut self, event: RunEvent) -> Result<(), Failure> {
        let record = Box::new(self.record.clone());
        self.reporter.report(&Event::Run(record, event))
    }

    fn report(&mut self, event: &Event) -> Result<(), Failure> {
        if let Event::Run(record, _) = event {
            self.record.clone_from(record);
        }
        self.reporter.report(event)
    }
}

/// What an interrupt means.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    /// Cancel the run, and follow it to its end.
    Cancel,
    /// Leave the run to itself.
    Leave,
}

/// The user's interrupts so far, which decide what the next one means.
pub(crate) struct InterruptHistory {
    can_cancel: bool,
    interrupted: bool,
}

impl InterruptHistory {
    /// Of a user who hasn't interrupted yet. Whether the first interrupt cancels the run.
    pub(crate) fn new(can_cancel: bool) -> Self {
        Self {
            can_cancel,
            interrupted: false,
        }
    }

    fn interrupt(&mut self) -> Reaction {
        let again = std::mem::replace(&mut self.interrupted, true);
        if again || !self.can_cancel {
            Reaction::Leave
        } else {
            Reaction::Cancel
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_interrupt_cancels_and_the_second_leaves() {
        let mut history = InterruptHistory::new(true);
        assert_eq!(history.interrupt(), Reaction::Cancel);
        assert_eq!(history.interrupt(), Reaction::Leave);
    }

    #[test]
    fn where_nothing_can_be_cancelled_the_first_interrupt_leaves() {
        assert_eq!(InterruptHistory::new(false).interrupt(), Reaction::Leave);
    }
}
