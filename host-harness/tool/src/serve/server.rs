//! The runs at work, and what is done about orders and swaps.
//!
//! Each run is a task ([`Runner`]) that sends its events here, where they are counted and reported.
//! Nothing that would be needed after a crash is held here: it is in the ledger.

mod adoption;
mod swaps;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::job_types::JobTypes;
use super::order::{Order, Target};
use super::serving_plugins::TypedJob;
use super::sources::Incoming;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::reporter::Reporter;
use crate::runs::counts::Counts;
use crate::runs::end::End;
use crate::runs::ending::Ending;
use crate::runs::event::{Event, RunEvent};
use crate::runs::ledger::Ledger;
use crate::runs::ledger::open::Held;
use crate::runs::ledger_error::LedgerError;
use crate::runs::record::Record;
use crate::runs::runner::{Context, Runner};
use crate::runs::summary::Summary;
use crate::runs::wish::Wanted;

/// Everything that serves.
pub(crate) struct Server {
    job_types: JobTypes,
    ledger: Ledger,
    reporter: Box<dyn Reporter>,
    /// Where the outcome of a swap by order goes.
    incoming: UnboundedSender<Incoming>,
    counts: Counts,
    /// For each run at work, the latest wish to cancel it.
    runs: HashMap<Uuid, watch::Sender<Option<Wanted>>>,
    /// The runs of job files.
    files: HashMap<String, Uuid>,
    /// One for each run at work, and one for each answer that is waited for, which has no end.
    tasks: JoinSet<Option<End>>,
    /// Generations whose swap was reported, and that still had calls at the last refresh.
    draining: Vec<Arc<PluginIdentity>>,
}

impl Server {
    pub(crate) fn new(
        job_types: JobTypes,
        ledger: Ledger,
        reporter: Box<dyn Reporter>,
        incoming: UnboundedSender<Incoming>,
    ) -> Self {
        Self {
            job_types,
            ledger,
            incoming,
            reporter,
            counts: Counts::default(),
            runs: HashMap::new(),
            files: HashMap::new(),
            tasks: JoinSet::new(),
            draining: Vec::new(),
        }
    }

    /// Goes on with the runs that the ledger held. Those whose job type isn't served are left alone.
    pub(crate) async fn resume(&mut self, held: Held) -> Result<(), Failure> {
        self.keep_plugins().await?;
        self.counts = Counts::resume(held.totals, &held.runs);
        self.files = held.files;
        let mut left_alone = BTreeMap::<String, usize>::new();
        for record in held.runs {
            match self.context(&record.job_type) {
                Some(context) => self.run(context, record),
                None => *left_alone.entry(record.job_type).or_default() += 1,
            }
        }
        self.report(&Event::Serving(self.summary()))?;
        for (job_type, runs) in left_alone {
            self.report(&Event::LeftAlone { job_type, runs })?;
        }
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
            Incoming::Order(Ok(order)) => self.carry_out(order).await,
            Incoming::Order(Err(error)) => self.report(&Event::NotTaken(format!("{error:#}"))),
            Incoming::Swap { job_type, swap } => self.swap_ended(&job_type, swap).await,
            Incoming::Rollback { job_type, swap } => self.rollback_ended(&job_type, swap).await,
            Incoming::Adoption {
                guid,
                run_id,
                known,
            } => self.asked_about(guid, &run_id, known).await,
            Incoming::End | Incoming::NothingNew => Ok(()),
        }
    }

    async fn carry_out(&mut self, order: Order) -> Result<(), Failure> {
        match order {
            Order::Start { job, file } => self.accept(job, file).await,
            Order::Cancel(target) => self.cancel(&target).await,
            Order::Retry(guid) => self.retry(guid).await,
            Order::Adopt { guid, run_id } => self.adopt(guid, run_id).await,
            Order::Rollback(job_type) => self.roll_back(&job_type).await,
            Order::Swap(job_type) => {
                self.swap(job_type);
                Ok(())
            }
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
        let busy = self.job_types.draining();
        let (draining, drained): (Vec<_>, Vec<_>) = std::mem::take(&mut self.draining)
            .into_iter()
            .partition(|swapped_out| busy.contains(swapped_out));
        self.draining = draining;
        for ended in drained {
            self.reporter.report(&Event::Drained(ended))?;
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
        self.counts.summary(self.job_types.uses())
    }

    /// What the runs of a job type share, if it is served.
    fn context(&self, job_type: &str) -> Option<Context> {
        let served = self.job_types.get(job_type)?;
        Some(served.context.clone())
    }

    async fn accept(&mut self, job: TypedJob, file: Option<String>) -> Result<(), Failure> {
        let origin = file.clone().unwrap_or_else(|| "stdin".to_owned());
        let TypedJob { job_type, job } = job;
        let Some(context) = self.context(&job_type) else {
            return self.report(&Event::NotTaken(not_served(&job_type)));
        };
        let record = Record::new(Uuid::new_v4(), origin, job_type, &job);
        self.ledger.put(&record, file.as_deref()).await?;
        if let Some(file) = file {
            self.files.insert(file, record.guid);
        }
        let accepted = Box::new(record.clone());
        self.report(&Event::Run(accepted, RunEvent::Accepted))?;
        self.run(context, record);
        Ok(())
    }

    fn run(&mut self, context: Context, record: Record) {
        let (cancel, cancelled) = watch::channel(None);
        self.runs.insert(record.guid, cancel);
        let runner = Runner::new(context, record, cancelled);
        self.tasks.spawn(async { Some(runner.work().await) });
    }

    async fn cancel(&mut self, target: &Target) -> Result<(), Failure> {
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
        if let Some(cancel) = guid.and_then(|guid| self.runs.get(guid)) {
            cancel.send_replace(Some(wish));
            return Ok(());
        }
        let record = match guid {
            Some(guid) => self.ledger.get(*guid).await?,
            None => None,
        };
        let why = match record {
            Some(left) if left.ending().is_none() => not_served(&left.job_type),
            _ => "it is over, or isn't in this ledger".to_owned(),
        };
        self.report(&Event::NotTaken(format!(
            "the run {name} can't be cancelled: {why}"
        )))
    }

    /// Retries a run under a GUID that is in the ledger before the platform is asked.
    async fn retry(&mut self, guid: Uuid) -> Result<(), Failure> {
        let refused =
            |why: &str| Event::NotTaken(format!("the run {guid} can't be retried: {why}"));
        if self.runs.contains_key(&guid) {
            return self.report(&refused("it is not over"));
        }
        let Some(mut record) = self.ledger.get(guid).await? else {
            return self.report(&refused("it isn't in this ledger"));
        };
        let Some(context) = self.context(&record.job_type) else {
            return self.report(&refused(&not_served(&record.job_type)));
        };
        let ending = record.ending();
        if !record.want_retried(Uuid::new_v4()) {
            return self.report(&refused(match ending {
                Some(Ending::Uncertain) => "it isn't known which run of the platform it is",
                _ => "the platform never had it",
            }));
        }
        self.ledger.put(&record, None).await?;
        if let Some(ending) = ending {
            self.counts.reopen(guid, ending);
        }
        let wanted = Event::Run(Box::new(record.clone()), RunEvent::RetryWanted);
        self.report(&wanted)?;
        self.run(context, record);
        Ok(())
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
        let pruned = self.ledger.prune(before, is_needed).await?;
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
}

/// What to say where the job type of a run isn't served.
fn not_served(job_type: &str) -> String {
    format!("no plugin serves its job type `{job_type}`; start serve with its --component too")
}
