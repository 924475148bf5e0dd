//! The runs at work, and what is done about orders and swaps.
//!
//! Each run is a task ([`Runner`]) that sends its events here, where they are counted and reported.
//! Nothing that would be needed after a crash is held here: it is in the ledger.

use std::collections::HashMap;
use std::sync::Arc;

use polysync_host::contract::Job;
use polysync_host::{PluginIdentity, Slot, Swap};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::order::{Order, Target};
use super::sources::Incoming;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::reporter::Reporter;
use crate::runs::counts::Counts;
use crate::runs::event::{Event, RunEvent};
use crate::runs::ledger::Held;
use crate::runs::ledger_error::LedgerError;
use crate::runs::record::Record;
use crate::runs::runner::{Context, End, Runner};
use crate::runs::summary::Summary;

/// Everything that serves.
pub(crate) struct Server {
    slot: Slot,
    context: Context,
    reporter: Box<dyn Reporter>,
    counts: Counts,
    /// For each run at work, the switch that cancels it.
    runs: HashMap<Uuid, watch::Sender<bool>>,
    /// The runs of job files.
    files: HashMap<String, Uuid>,
    tasks: JoinSet<End>,
    /// Generations that were swapped out and still had calls at the last refresh.
    draining: Vec<Arc<PluginIdentity>>,
}

impl Server {
    pub(crate) fn new(slot: Slot, context: Context, reporter: Box<dyn Reporter>) -> Self {
        Self {
            slot,
            context,
            reporter,
            counts: Counts::default(),
            runs: HashMap::new(),
            files: HashMap::new(),
            tasks: JoinSet::new(),
            draining: Vec::new(),
        }
    }

    /// Goes on with the runs that the ledger held.
    pub(crate) fn resume(&mut self, held: Held) -> Result<(), Failure> {
        self.files = held.files;
        for record in held.runs {
            self.counts.resume(&record);
            if record.ending().is_none() {
                self.run(record);
            }
        }
        self.report(&Event::Serving(self.summary()))
    }

    /// Whether no run is at work.
    pub(crate) fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits for the end of a run's task. Fails if the ledger can't be written any more.
    pub(crate) async fn task_ended(&mut self) -> Result<(), LedgerError> {
        match self.tasks.join_next().await {
            Some(Ok(End::LedgerFailed(error))) => Err(error),
            Some(Err(error)) => {
                tracing::error!(%error, "the task of a run has failed; a restart goes on with the run");
                Ok(())
            }
            Some(Ok(End::GaveUp { call, failure })) => {
                tracing::error!(%failure, "gave up a run after {} failed", call.doing());
                Ok(())
            }
            Some(Ok(End::Finished(_) | End::Stopped)) | None => Ok(()),
        }
    }

    /// Carries out an order, or reports a swap.
    pub(crate) async fn take(&mut self, incoming: Incoming) -> Result<(), Failure> {
        match incoming {
            Incoming::Order(Ok(Order::Start { job, file })) => self.accept(&job, file).await,
            Incoming::Order(Ok(Order::Cancel(target))) => self.cancel(&target),
            Incoming::Order(Ok(Order::Rollback)) => match self.slot.rollback() {
                Ok(swap) => self.swapped(swap),
                Err(error) => self.report(&Event::RollbackRefused(error)),
            },
            Incoming::Order(Err(error)) => self.report(&Event::NotTaken(format!("{error:#}"))),
            Incoming::Swap(Ok(swap)) => self.swapped(swap),
            Incoming::Swap(Err(error)) => {
                let serving = self.slot.identity();
                self.report(&Event::SwapRefused { error, serving })
            }
            Incoming::End => Ok(()),
        }
    }

    /// Counts and reports what happened.
    pub(crate) fn report(&mut self, event: &Event) -> Result<(), Failure> {
        self.counts.count(event);
        if let Event::Run(record, RunEvent::Finished { .. }) = event {
            self.runs.remove(&record.guid);
        }
        self.reporter.report(event)?;
        self.refresh()
    }

    /// Updates what changes without an event: the calls under way, and the generations that drain.
    pub(crate) fn refresh(&mut self) -> Result<(), Failure> {
        let busy: Vec<_> = self
            .slot
            .generations()
            .into_iter()
            .skip(1)
            .map(|old| old.identity)
            .collect();
        let earlier = std::mem::replace(&mut self.draining, busy);
        for ended in earlier {
            if !self.draining.contains(&ended) {
                self.reporter.report(&Event::Drained(ended))?;
            }
        }
        self.reporter.show_numbers(&self.summary());
        Ok(())
    }

    /// Reports the end. Where it was not stopped, the worst ending of a run gives the exit code.
    pub(crate) fn end(mut self, is_stopped: bool) -> Result<Exit, Failure> {
        let exit = match is_stopped {
            true => Exit::Success,
            false => Exit::worst(self.counts.endings()),
        };
        let summary = self.summary();
        self.reporter.report(&Event::Served {
            summary,
            exit_code: exit.code(),
        })?;
        Ok(exit)
    }

    fn summary(&self) -> Summary {
        self.counts
            .summary(&self.slot.generations(), self.slot.identity())
    }

    async fn accept(&mut self, job: &Job, file: Option<String>) -> Result<(), Failure> {
        let origin = file.clone().unwrap_or_else(|| "stdin".to_owned());
        let record = Record::new(Uuid::new_v4(), origin, job);
        self.context.ledger.put(&record, file.as_deref()).await?;
        if let Some(file) = file {
            self.files.insert(file, record.guid);
        }
        let accepted = Box::new(record.clone());
        self.report(&Event::Run(accepted, RunEvent::Accepted))?;
        self.run(record);
        Ok(())
    }

    fn run(&mut self, record: Record) {
        let (cancel, cancelled) = watch::channel(false);
        self.runs.insert(record.guid, cancel);
        let runner = Runner::new(self.context.clone(), record, cancelled);
        self.tasks.spawn(runner.work());
    }

    fn cancel(&mut self, target: &Target) -> Result<(), Failure> {
        let (guid, name) = match target {
            Target::All => {
                self.runs.values().for_each(|cancel| {
                    cancel.send_replace(true);
                });
                return Ok(());
            }
            Target::Run(guid) => (Some(guid), guid.to_string()),
            Target::File(file) => (self.files.get(file), format!("of {file}")),
        };
        match guid.and_then(|guid| self.runs.get(guid)) {
            Some(cancel) => {
                cancel.send_replace(true);
                Ok(())
            }
            None => self.report(&Event::NotTaken(format!(
                "the run {name} can't be cancelled: it is over, or isn't in this ledger"
            ))),
        }
    }

    fn swapped(&mut self, swap: Swap) -> Result<(), Failure> {
        match swap {
            Swap::Done { from, to, missing } => {
                self.draining.push(Arc::clone(&from));
                self.report(&Event::Swapped { from, to, missing })
            }
            Swap::Unchanged { serving } => self.report(&Event::SwapUnchanged(serving)),
        }
    }
}
