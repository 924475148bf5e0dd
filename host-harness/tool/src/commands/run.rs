//! `run`: a run from its start to its end, while somebody waits.

use std::pin::pin;
use std::sync::Arc;

use polysync_host::contract::Finding;
use polysync_host::{JobType, SystemClock};
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::cli::run::FollowArgs;
use crate::commands::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::interrupts::Interrupts;
use crate::invocation;
use crate::job;
use crate::output::{Output, note};
use crate::report;
use crate::report::reporter::{Reporter, Subject};
use crate::runs::call::Call;
use crate::runs::end::End;
use crate::runs::event::{Event, RunEvent};
use crate::runs::ledger::Ledger;
use crate::runs::policy::{Attendance, Policy};
use crate::runs::record::Record;
use crate::runs::runner::{Context, Runner};
use crate::runs::wish::Wanted;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &FollowArgs,
) -> Result<Exit, Failure> {
    let start = &arguments.start;
    let job = job::from_arguments(&start.job, session.description())?;
    let job_type = session.connect().await?;
    let warnings = check::before_start(&job_type, &job, &start.declared).await?;
    let interrupts = Interrupts::listen()?;
    let origin = match &start.job.origin.job {
        Some(path) => path.display().to_string(),
        None => "the command line".to_owned(),
    };
    let guid = start.guid.unwrap_or_else(Uuid::new_v4);
    let mut following = Following {
        interrupts,
        reporter: report::new(output, Subject::OneRun, session.global().verbose),
        record: Record::new(guid, origin, &job),
        interrupt_history: InterruptHistory {
            can_cancel: Feature::Cancel.is_offered_by(session.description()),
            interrupted: false,
        },
    };
    following.report_warnings(warnings)?;
    let policy = policy(session, arguments);
    let followed = following.follow(job_type, policy).await;
    let record = following.record;
    // The display holds the terminal.
    drop(following.reporter);
    conclude(session, &record, followed)
}

/// Somebody waits; steps and the place to follow the run are shown where the plugin offers them.
fn policy(session: &Session<'_>, arguments: &FollowArgs) -> Policy {
    let offers = |feature: Feature| feature.is_offered_by(session.description());
    Policy {
        attendance: Attendance::Attended,
        interval: arguments.poll_interval,
        list_steps: offers(Feature::Steps),
        monitor_url: offers(Feature::MonitorUrl),
    }
}

/// Says how to go on with a run that isn't finished, and how the command ends.
fn conclude(
    session: &Session<'_>,
    record: &Record,
    followed: Result<Followed, Failure>,
) -> Result<Exit, Failure> {
    let exit = match followed {
        Ok(Followed::Ended(End::Finished(ending))) => return Ok(ending.into()),
        Ok(Followed::Ended(End::GaveUp {
            call: Call::Start,
            failure,
        })) => {
            return Err(Failure::from_start(failure, record.guid));
        }
        Ok(Followed::Ended(End::GaveUp { failure, .. })) => Err(failure.into()),
        Ok(Followed::Ended(End::LedgerFailed(error))) => Err(error.into()),
        Ok(Followed::Ended(End::Stopped) | Followed::Left) => Ok(Exit::Error),
        Err(failure) => Err(failure),
    };
    match record.run() {
        Some(run) => {
            let status = invocation::status(session.global(), &run);
            note(&format!("The run goes on. See its status with\n  {status}"));
        }
        None if exit.is_ok() => note(&invocation::same_guid_again(record.guid)),
        None => {}
    }
    exit
}

/// How following ended.
enum Followed {
    Ended(End),
    /// The user left.
    Left,
}

/// A run that is followed, the user who may interrupt, and what they see.
struct Following {
    interrupts: Interrupts,
    reporter: Box<dyn Reporter>,
    /// The run as it was last reported.
    record: Record,
    interrupt_history: InterruptHistory,
}

impl Following {
    fn report_warnings(&mut self, warnings: Vec<Finding>) -> Result<(), Failure> {
        warnings
            .into_iter()
            .try_for_each(|finding| self.report_own(RunEvent::Finding(finding)))
    }

    /// Follows the run until it is finished or given up, or until the user leaves.
    async fn follow(&mut self, job_type: JobType, policy: Policy) -> Result<Followed, Failure> {
        let (events, mut happened) = mpsc::unbounded_channel();
        let (cancel, cancelled) = watch::channel(None);
        let (_stop, stopping) = watch::channel(false);
        let context = Context {
            job_type,
            ledger: Ledger::in_memory()?,
            policy,
            clock: Arc::new(SystemClock),
            events,
            stopping,
        };
        // The ledger ends with the program, so the user has the GUID before the platform is asked.
        self.report_own(RunEvent::Starting)?;
        let mut work = pin!(Runner::new(context, self.record.clone(), cancelled).work());
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
struct InterruptHistory {
    can_cancel: bool,
    interrupted: bool,
}

impl InterruptHistory {
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

    fn history(can_cancel: bool) -> InterruptHistory {
        InterruptHistory {
            can_cancel,
            interrupted: false,
        }
    }

    #[test]
    fn the_first_interrupt_cancels_and_the_second_leaves() {
        let mut history = history(true);
        assert_eq!(history.interrupt(), Reaction::Cancel);
        assert_eq!(history.interrupt(), Reaction::Leave);
    }

    #[test]
    fn where_nothing_can_be_cancelled_the_first_interrupt_leaves() {
        assert_eq!(history(false).interrupt(), Reaction::Leave);
    }
}
