//! The runs at work, and what is done about orders and swaps.
//!
//! Each run is a task ([`Runner`]) that sends its events here, where they are counted and reported.
//! Nothing that would be needed after a crash is held here: it is in the ledger.

mod adoption;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use polysync_host::contract::Job;
use polysync_host::{LoadFault, PluginIdentity, Slot, Source, Swap};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::kept_plugin;
use super::order::{Order, Target};
use super::sources::Incoming;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::reporter::Reporter;
use crate::runs::counts::Counts;
use crate::runs::end::End;
use crate::runs::ending::Ending;
use crate::runs::event::{Event, RunEvent};
use crate::runs::ledger::open::Held;
use crate::runs::ledger_error::LedgerError;
use crate::runs::record::Record;
use crate::runs::runner::{Context, Runner};
use crate::runs::summary::Summary;
use crate::runs::wish::Wanted;

/// Everything that serves.
pub(crate) struct Server {
    slot: Slot,
    context: Context,
    reporter: Box<dyn Reporter>,
    /// The plugin's file, which is swapped in by order.
    component: Source,
    /// Where the outcome of a swap by order goes.
    incoming: UnboundedSender<Incoming>,
    counts: Counts,
    /// For each run at work, the latest wish to cancel it.
    runs: HashMap<Uuid, watch::Sender<Option<Wanted>>>,
    /// The runs of job files.
    files: HashMap<String, Uuid>,
    /// One for each run at work, and one for each answer that is waited for, which has no end.
    tasks: JoinSet<Option<End>>,
    /// Generations that were swapped out and still had calls at the last refresh.
    draining: Vec<Arc<PluginIdentity>>,
}

impl Server {
    pub(crate) fn new(
        slot: Slot,
        component: Source,
        context: Context,
        reporter: Box<dyn Reporter>,
        incoming: UnboundedSender<Incoming>,
    ) -> Self {
        Self {
            slot,
            component,
            incoming,
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
    pub(crate) async fn resume(&mut self, held: Held) -> Result<(), Failure> {
        self.keep_plugin().await?;
        self.counts = Counts::resume(held.totals, &held.runs);
        self.files = held.files;
        for record in held.runs {
            self.run(record);
        }
        self.report(&Event::Serving(self.summary()))?;
        let unreadable = held.unreadable.into_iter();
        unreadable
            .map(Event::PutAside)
            .try_for_each(|event| self.report(&event))
    }

    /// Whether no run is at work, and no answer is waited for.
    pub(crate) fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits for the end of a task. Fails if the ledger can't be written any more.
    pub(crate) async fn task_ended(&mut self) -> Result<(), LedgerError> {
        match self.tasks.join_next().await {
            Some(Ok(Some(End::LedgerFailed(error)))) => Err(error),
            Some(Err(error)) => {
                tracing::error!(%error, "the task of a run has failed; a restart goes on with the run");
                Ok(())
            }
            Some(Ok(Some(End::GaveUp { call, failure }))) => {
                tracing::error!(%failure, "gave up a run after {} failed", call.doing());
                Ok(())
            }
            Some(Ok(Some(End::Finished(_) | End::Stopped) | None)) | None => Ok(()),
        }
    }

    /// Carries out an order, or reports a swap.
    pub(crate) async fn take(&mut self, incoming: Incoming) -> Result<(), Failure> {
        match incoming {
            Incoming::Order(Ok(Order::Start { job, file })) => self.accept(&job, file).await,
            Incoming::Order(Ok(Order::Cancel(target))) => self.cancel(&target),
            Incoming::Order(Ok(Order::Retry(guid))) => self.retry(guid).await,
            Incoming::Order(Ok(Order::Adopt { guid, run_id })) => self.adopt(guid, run_id).await,
            Incoming::Order(Ok(Order::Rollback)) => self.roll_back().await,
            Incoming::Order(Ok(Order::Swap)) => {
                self.swap();
                Ok(())
            }
            Incoming::Order(Err(error)) => self.report(&Event::NotTaken(format!("{error:#}"))),
            Incoming::Swap(Ok(swap)) => {
                self.keep_plugin().await?;
                self.swapped(swap)
            }
            Incoming::Swap(Err(error)) => {
                if let LoadFault::RolledBack { digest } = error.fault {
                    self.context.ledger.roll_back(digest).await?;
                }
                let serving = self.slot.identity();
                self.report(&Event::SwapRefused { error, serving })
            }
            Incoming::Rollback(Ok(swap)) => self.rolled_back(swap).await,
            Incoming::Rollback(Err(error)) => {
                let serving = self.slot.identity();
                self.report(&Event::RollbackFailed { error, serving })
            }
            Incoming::Adoption {
                guid,
                run_id,
                known,
            } => self.asked_about(guid, &run_id, known).await,
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
        let (cancel, cancelled) = watch::channel(None);
        self.runs.insert(record.guid, cancel);
        let runner = Runner::new(self.context.clone(), record, cancelled);
        self.tasks.spawn(async { Some(runner.work().await) });
    }

    fn cancel(&mut self, target: &Target) -> Result<(), Failure> {
        let (guid, name, wish) = match target {
            Target::All => {
                self.runs.values().for_each(|cancel| {
                    cancel.send_replace(Some(Wanted::new()));
                });
                return Ok(());
            }
            Target::Run(guid) => (Some(guid), guid.to_string(), Wanted::new()),
            Target::File { name, changed_at } => (
                self.files.get(name),
                format!("of {name}"),
                Wanted::from_file(*changed_at),
            ),
        };
        match guid.and_then(|guid| self.runs.get(guid)) {
            Some(cancel) => {
                cancel.send_replace(Some(wish));
                Ok(())
            }
            None => self.report(&Event::NotTaken(format!(
                "the run {name} can't be cancelled: it is over, or isn't in this ledger"
            ))),
        }
    }

    /// Retries a run under a GUID that is in the ledger before the platform is asked.
    async fn retry(&mut self, guid: Uuid) -> Result<(), Failure> {
        let refused =
            |why: &str| Event::NotTaken(format!("the run {guid} can't be retried: {why}"));
        if self.runs.contains_key(&guid) {
            return self.report(&refused("it is not over"));
        }
        let Some(mut record) = self.context.ledger.get(guid).await? else {
            return self.report(&refused("it isn't in this ledger"));
        };
        let ending = record.ending();
        if !record.want_retried(Uuid::new_v4()) {
            return self.report(&refused(match ending {
                Some(Ending::Uncertain) => "it isn't known which run of the platform it is",
                _ => "the platform never had it",
            }));
        }
        self.context.ledger.put(&record, None).await?;
        if let Some(ending) = ending {
            self.counts.reopen(guid, ending);
        }
        let wanted = Event::Run(Box::new(record.clone()), RunEvent::RetryWanted);
        self.report(&wanted)?;
        self.run(record);
        Ok(())
    }

    /// Brings the previous plugin back: from the slot, or from the ledger where it served before a
    /// restart.
    async fn roll_back(&mut self) -> Result<(), Failure> {
        let nothing = match self.slot.rollback() {
            Ok(swap) => return self.rolled_back(swap).await,
            Err(nothing) => nothing,
        };
        let Some(kept) = self.context.ledger.earlier_plugin().await? else {
            return self.report(&Event::RollbackRefused(nothing));
        };
        let (slot, incoming) = (self.slot.clone(), self.incoming.clone());
        // The plugin is asked what it needs, which may take as long as any call.
        self.tasks.spawn(async move {
            let swap = slot.rollback_to(kept_plugin::source(kept)).await;
            // Nobody receives it any more when everything ends.
            let _ = incoming.send(Incoming::Rollback(swap));
            None
        });
        Ok(())
    }

    async fn rolled_back(&mut self, swap: Swap) -> Result<(), Failure> {
        if let Swap::Done { from, .. } = &swap {
            self.context.ledger.roll_back(from.digest).await?;
        }
        self.keep_plugin().await?;
        self.swapped(swap)
    }

    /// Swaps the plugin's file in. Its outcome comes in later.
    fn swap(&self) {
        let (slot, incoming) = (self.slot.clone(), self.incoming.clone());
        let component = self.component.clone();
        tokio::spawn(async move {
            // Nobody receives it any more when everything ends.
            let _ = incoming.send(Incoming::Swap(slot.swap(component).await));
        });
    }

    /// Keeps the plugin that serves, so that a restart finds it.
    async fn keep_plugin(&self) -> Result<(), LedgerError> {
        let plugin = kept_plugin::of(&self.slot.plugin());
        self.context.ledger.keep_plugin(plugin).await
    }

    /// Removes runs from the ledger that were over before `before`, unless their job files are there
    /// still. Whether there may be more of them.
    pub(crate) async fn prune(
        &mut self,
        before: Timestamp,
        jobs: Option<PathBuf>,
    ) -> Result<bool, Failure> {
        let is_needed = move |file: &str| {
            // Without the folder, nobody knows whether the file is there.
            jobs.as_ref().is_none_or(|jobs| jobs.join(file).exists())
        };
        let pruned = self.context.ledger.prune(before, is_needed).await?;
        self.counts.forget(&pruned.runs);
        for file in &pruned.files {
            self.files.remove(file);
        }
        for guid in pruned.unreadable {
            self.report(&Event::PutAside(guid))?;
        }
        match pruned.runs.values().sum() {
            0 => {}
            runs => self.report(&Event::Pruned(runs))?,
        }
        Ok(pruned.may_be_more)
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
