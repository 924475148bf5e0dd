//! Serving: jobs come in, their runs are followed to their ends, and the plugin is swapped meanwhile.
//!
//! Each run is a task of its own ([`runner`]); what they learn comes here, is counted and told.
//! Nothing that would be needed after a crash is kept here: it is in the [`ledger`].

pub(crate) mod counts;
pub(crate) mod intake;
pub(crate) mod ledger;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod runner;
pub(crate) mod told;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::anyhow;
use polysync_host::contract::Job;
use polysync_host::{LoadError, PluginIdentity, Slot, Swap};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use self::counts::{Counts, Summary};
use self::intake::{Order, Target};
use self::record::Record;
use self::report::Report;
use self::runner::{Runner, Surroundings};
use self::told::Told;
use crate::failure::Failure;

/// What comes from outside.
#[derive(Debug)]
pub(crate) enum Incoming {
    Order(anyhow::Result<Order>),
    /// There are no more orders.
    End,
    Swap(Result<Swap, LoadError>),
}

/// Everything that serves.
pub(crate) struct Server {
    pub(crate) slot: Slot,
    pub(crate) around: Surroundings,
    pub(crate) report: Report,
    pub(crate) counts: Counts,
    /// Of each run that isn't over, the switch that cancels it.
    runs: HashMap<Uuid, watch::Sender<bool>>,
    /// The runs of job files.
    files: HashMap<String, Uuid>,
    tasks: JoinSet<()>,
    /// Generations that were swapped out and still had calls when last looked at.
    draining: Vec<Arc<PluginIdentity>>,
}

impl Server {
    pub(crate) fn new(slot: Slot, around: Surroundings, report: Report) -> Self {
        Self {
            slot,
            around,
            report,
            counts: Counts::default(),
            runs: HashMap::new(),
            files: HashMap::new(),
            tasks: JoinSet::new(),
            draining: Vec::new(),
        }
    }

    /// Goes on with what the ledger held.
    pub(crate) fn resume(&mut self, held: ledger::Held) {
        self.files = held.files;
        for record in held.runs {
            self.counts.held(&record);
            if record.ending().is_none() {
                self.run(record);
            }
        }
    }

    pub(crate) fn summary(&self) -> Summary {
        self.counts
            .summary(&self.slot.generations(), &self.slot.identity())
    }

    /// Whether any run is at work.
    pub(crate) fn is_idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Waits for the end of some run's task.
    pub(crate) async fn task_ended(&mut self) {
        if let Some(Err(error)) = self.tasks.join_next().await {
            tracing::error!(%error, "the task of a run has failed; a restart goes on with the run");
        }
    }

    /// Does what came in.
    pub(crate) async fn take(&mut self, incoming: Incoming) -> Result<(), Failure> {
        match incoming {
            Incoming::Order(Ok(Order::Start { job, file })) => self.accept(&job, file).await,
            Incoming::Order(Ok(Order::Cancel(target))) => self.cancel(&target),
            Incoming::Order(Ok(Order::Rollback)) => match self.slot.rollback() {
                Ok(swap) => self.swapped(swap),
                Err(error) => self.told(&Told::RollbackRefused(error.into())),
            },
            Incoming::Order(Err(error)) => self.told(&Told::NotTaken(error)),
            Incoming::Swap(Ok(swap)) => self.swapped(swap),
            Incoming::Swap(Err(error)) => {
                let serving = self.slot.identity();
                self.told(&Told::SwapRefused { error, serving })
            }
            Incoming::End => Ok(()),
        }
    }

    /// Counts and tells what happened.
    pub(crate) fn told(&mut self, told: &Told) -> Result<(), Failure> {
        self.counts.count(told);
        if let Told::Over(record) = told {
            self.runs.remove(&record.guid);
        }
        self.report.tell(told)?;
        self.refresh()
    }

    /// Looks at what changes by itself: the calls under way, and the generations that drain.
    pub(crate) fn refresh(&mut self) -> Result<(), Failure> {
        let busy: Vec<_> = self
            .slot
            .generations()
            .into_iter()
            .skip(1)
            .map(|old| old.identity)
            .collect();
        let before = std::mem::replace(&mut self.draining, busy);
        for ended in before {
            if !self.draining.contains(&ended) {
                self.report.tell(&Told::Drained(ended))?;
            }
        }
        self.report.numbers(&self.summary());
        Ok(())
    }

    async fn accept(&mut self, job: &Job, file: Option<String>) -> Result<(), Failure> {
        let origin = file.clone().unwrap_or_else(|| "stdin".to_owned());
        let record = Record::new(Uuid::new_v4(), origin, job);
        self.around.ledger.put(&record, file.as_deref()).await?;
        if let Some(file) = file {
            self.files.insert(file, record.guid);
        }
        self.told(&Told::Accepted(Box::new(record.clone())))?;
        self.run(record);
        Ok(())
    }

    fn run(&mut self, record: Record) {
        let (cancel, cancelled) = watch::channel(false);
        self.runs.insert(record.guid, cancel);
        let runner = Runner::new(self.around.clone(), record, cancelled);
        self.tasks.spawn(runner.work());
    }

    fn cancel(&mut self, target: &Target) -> Result<(), Failure> {
        let guid = match target {
            Target::All => {
                self.runs.values().for_each(|cancel| {
                    cancel.send_replace(true);
                });
                return Ok(());
            }
            Target::Run(guid) => Some(guid),
            Target::File(file) => self.files.get(file),
        };
        match guid.and_then(|guid| self.runs.get(guid)) {
            Some(cancel) => {
                cancel.send_replace(true);
                Ok(())
            }
            None => {
                let what = match target {
                    Target::File(file) => format!("the run of {file}"),
                    Target::Run(guid) => format!("the run {guid}"),
                    Target::All => String::new(),
                };
                let error =
                    anyhow!("{what} can't be cancelled: it is over, or isn't in this ledger");
                self.told(&Told::NotTaken(error))
            }
        }
    }

    fn swapped(&mut self, swap: Swap) -> Result<(), Failure> {
        match swap {
            Swap::Done { from, to } => {
                self.draining.push(Arc::clone(&from));
                self.told(&Told::Swapped { from, to })
            }
            Swap::Unchanged { serving } => self.told(&Told::Unchanged(serving)),
        }
    }
}
