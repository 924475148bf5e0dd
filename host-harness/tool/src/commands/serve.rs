//! `serve`: jobs as they come, until a signal or the end of all runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use jiff::Timestamp;
use polysync_host::{Clock, JobType, SystemClock};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Semaphore, watch};
use tokio::time::{self, MissedTickBehavior};

use crate::cli::duration::Retention;
use crate::cli::global::GlobalArgs;
use crate::cli::run::ServeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use crate::report;
use crate::report::reporter::{Naming, Subject};
use crate::runs::event::Event;
use crate::runs::ledger::Ledger;
use crate::runs::ledger::open::{Held, LedgerFile, Owner};
use crate::runs::ledger_error::LedgerError;
use crate::runs::policy::{Attendance, Policy};
use crate::runs::polls::{self, Polls};
use crate::runs::record::Record;
use crate::runs::runner::Context;
use crate::serve::folder::{Folder, Taken};
use crate::serve::job_types::{JobTypes, Served};
use crate::serve::rolled_back;
use crate::serve::server::Server;
use crate::serve::sources::{self, Incoming};
use crate::session::{Session, components, network};

/// How often the numbers are brought up to date.
const REFRESH: Duration = Duration::from_millis(200);

/// The most runs that read logs at the same time.
const MOST_LOG_READERS: usize = 4;

/// How often runs that were over for long are removed from the ledger.
const PRUNE: Duration = Duration::from_secs(60 * 60);

pub(crate) async fn execute(
    global: &GlobalArgs,
    output: Output,
    arguments: &ServeArgs,
) -> Result<Exit, Failure> {
    let mut components = components::all(global)?;
    check_calls(arguments.concurrent_calls, components.len())?;
    let ledger = LedgerFile::open(&arguments.ledger)?;
    if !arguments.serve_rolled_back && global.sha256.is_none() {
        rolled_back::replace(&mut components, &ledger)?;
    }
    let sessions = Session::open_all(global, arguments.concurrent_calls, components).await?;
    let served = serve(global, &sessions, output, arguments, ledger).await;
    served.or_else(|failure| {
        let failure = network::explain(global, failure);
        let plugin = match sessions.as_slice() {
            [session] => Some(session.slot().identity()),
            _ => None,
        };
        output.failure(&failure, plugin.as_deref());
        Ok(failure.exit())
    })
}

/// Each plugin has at least one call, whatever the others do.
fn check_calls(concurrent_calls: u32, plugins: usize) -> Result<(), Failure> {
    if usize::try_from(concurrent_calls).is_ok_and(|calls| calls < plugins) {
        return Err(Failure::Usage(format!(
            "--concurrent-calls {concurrent_calls} is too few for {plugins} plugins: give one for each \
             at least"
        )));
    }
    Ok(())
}

async fn serve(
    global: &GlobalArgs,
    sessions: &[Session<'_>],
    output: Output,
    arguments: &ServeArgs,
    ledger: LedgerFile,
) -> Result<Exit, Failure> {
    let mut connected = Vec::new();
    for session in sessions {
        let when_needs_grow = arguments.when_needs_grow.into();
        connected.push(session.connect_and_swap(when_needs_grow).await?);
    }
    let (ledger, held) = ledger.begin(&owner(&connected).await?)?;
    let (incoming, arriving) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let (events, happened) = mpsc::unbounded_channel();
    let shared = Shared {
        ledger: ledger.clone(),
        policy: policy(arguments, SystemClock.now()),
        log_readers: log_readers(arguments.concurrent_calls, sessions.len()),
        events,
        stopping,
    };
    let served = sessions.iter().zip(connected);
    let job_types =
        JobTypes::new(served.map(|(session, job_type)| shared.served(session, job_type)));
    let open = ledger.clone();
    let served = async {
        let interrupts = Interrupts::listen()?;
        listen(sessions, &job_types, arguments, &held, &incoming)?;
        let reporter = report::new(output, subject(sessions), global.verbose);
        let mut server = Server::new(job_types, ledger, reporter, incoming);
        server.resume(held).await?;
        let serving = Serving {
            server,
            clock: Arc::new(SystemClock),
            prune_at: SystemTime::UNIX_EPOCH,
            keep_finished: arguments.keep_finished,
            jobs: arguments.jobs.clone(),
            interrupts,
            arriving,
            happened,
            stop,
            until_done: arguments.until_done,
            more_to_come: true,
            failed: None,
        };
        serving.serve().await
    };
    let served = served.await;
    // Whatever still runs, the next one finds a ledger that is whole and not locked.
    open.close().await;
    served
}

fn subject(sessions: &[Session<'_>]) -> Subject {
    Subject::ManyRuns(match sessions {
        [_] => Naming::Run,
        _ => Naming::JobTypeAndRun,
    })
}

/// What the runs of all job types share.
struct Shared {
    ledger: Ledger,
    policy: Policy,
    log_readers: usize,
    events: UnboundedSender<Event>,
    stopping: watch::Receiver<bool>,
}

impl Shared {
    /// A job type with polls of its own, and places of its own to read logs: what hangs holds up no other.
    fn served(&self, session: &Session<'_>, job_type: JobType) -> Served {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let window = polls::window(self.policy.interval);
        let context = Context {
            polls: Polls::gathering(job_type.clone(), Arc::clone(&clock), window),
            job_type,
            ledger: self.ledger.clone(),
            policy: self.policy,
            clock,
            log_readers: Arc::new(Semaphore::new(self.log_readers)),
            events: self.events.clone(),
            stopping: self.stopping.clone(),
        };
        Served {
            slot: session.slot().clone(),
            component: session.component().file(),
            context,
        }
    }
}

/// Nobody waits for a run, and steps aren't listed: the lines of many runs have no room for them. Runs are
/// polled together.
fn policy(arguments: &ServeArgs, now: SystemTime) -> Policy {
    Policy {
        attendance: Attendance::Unattended,
        interval: arguments.following.polling.interval(),
        aligned_to: Some(now),
        may_be_put_off: arguments.following.polling.may_be_put_off(),
        list_steps: false,
        monitor_url: false,
        log_lines: arguments.following.log_lines,
    }
}

/// How many runs of a job type may read logs at the same time: few of its part of the calls, so that logs that
/// take long don't hold up polls, starts and cancellations.
fn log_readers(concurrent_calls: u32, plugins: usize) -> usize {
    let calls = usize::try_from(concurrent_calls / 4).unwrap_or(MOST_LOG_READERS);
    let calls = calls.checked_div(plugins).unwrap_or(calls);
    calls.clamp(1, MOST_LOG_READERS)
}

/// The connection that the command line names, which is the same for all job types.
async fn owner(connected: &[JobType]) -> Result<Owner, Failure> {
    let job_type = connected.first().context("no plugin is given")?;
    let mut account = None;
    for job_type in connected {
        if account.is_none() {
            account = job_type.account_id().await;
        }
    }
    if account.is_none() {
        tracing::info!(
            "no credentials in use say whose account they are for, so the ledger isn't bound to one"
        );
    }
    let connection = job_type.connection();
    Ok(Owner {
        region: connection.region.clone(),
        endpoint: connection.endpoint.clone().unwrap_or_default(),
        account,
    })
}

/// Starts the tasks that listen for orders and swaps.
fn listen(
    sessions: &[Session<'_>],
    job_types: &JobTypes,
    arguments: &ServeArgs,
    held: &Held,
    incoming: &UnboundedSender<Incoming>,
) -> Result<(), Failure> {
    let plugins = job_types.serving_plugins();
    match &arguments.jobs {
        Some(path) => {
            let folder = Folder::new(path, plugins, taken(held));
            // Later, a folder that can't be listed for now is a warning.
            folder.list()?;
            tokio::spawn(sources::poll_folder(folder, incoming.clone()));
        }
        None => {
            tokio::spawn(sources::read_stdin(plugins, incoming.clone()));
        }
    }
    for session in sessions.iter().filter(|_| arguments.watch) {
        let component = session.component();
        let watch = session.slot().watch(&component.path);
        let mut watch = watch.map_err(anyhow::Error::new)?;
        if let Some(instead) = &component.instead {
            watch = watch.after(instead.file);
        }
        let job_type = session.description().id.clone();
        tokio::spawn(sources::watch_plugin(job_type, watch, incoming.clone()));
    }
    Ok(())
}

/// The files whose orders the ledger has.
fn taken(held: &Held) -> Taken {
    let cancellation = |record: &Record| {
        let job = record.origin.strip_suffix(".json")?;
        let changed_at = record.cancel_file?;
        Some((format!("{job}.cancel"), Some(changed_at)))
    };
    Taken {
        jobs: held.files.keys().cloned().collect(),
        cancellations: held.runs.iter().filter_map(cancellation).collect(),
    }
}

/// A server and what it waits for.
struct Serving {
    server: Server,
    /// Times the removal of runs that were over for long.
    clock: Arc<dyn Clock>,
    prune_at: SystemTime,
    keep_finished: Retention,
    /// The folder of job files.
    jobs: Option<PathBuf>,
    interrupts: Interrupts,
    arriving: UnboundedReceiver<Incoming>,
    happened: UnboundedReceiver<Event>,
    /// Ends all runners after their calls.
    stop: watch::Sender<bool>,
    until_done: bool,
    more_to_come: bool,
    failed: Option<LedgerError>,
}

impl Serving {
    async fn serve(mut self) -> Result<Exit, Failure> {
        let mut refresh = time::interval(REFRESH);
        refresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.is_done() {
            let is_stopping = self.is_stopping();
            tokio::select! {
                biased;
                () = self.interrupts.next() => {
                    if self.stop.send_replace(true) {
                        break;
                    }
                    self.server.report(&Event::Stopping)?;
                }
                Some(event) = self.happened.recv() => self.server.report(&event)?,
                Some(incoming) = self.arriving.recv(), if !is_stopping => match incoming {
                    Incoming::End => self.more_to_come = false,
                    // While runs go on, somebody may write orders for them.
                    Incoming::NothingNew => self.more_to_come = !self.server.is_idle(),
                    incoming => self.server.take(incoming).await?,
                },
                ended = self.server.task_ended(), if !self.server.is_idle() => {
                    if let Err(error) = ended {
                        self.stop.send_replace(true);
                        self.failed.get_or_insert(error);
                    }
                }
                _ = refresh.tick() => {
                    self.server.refresh()?;
                    self.prune().await?;
                }
            }
        }
        match self.failed.take() {
            Some(error) => Err(error.into()),
            None => {
                let is_stopping = self.is_stopping();
                self.server.end(is_stopping)
            }
        }
    }

    /// Removes runs that were over for long, if that is due.
    async fn prune(&mut self) -> Result<(), Failure> {
        let now = self.clock.now();
        let Retention::For(kept) = self.keep_finished else {
            return Ok(());
        };
        if now < self.prune_at {
            return Ok(());
        }
        // A time before all times removes nothing.
        let before = now.checked_sub(kept).map(Timestamp::try_from);
        let may_be_more = match before {
            Some(Ok(before)) => self.server.prune(before, self.jobs.clone()).await?,
            _ => false,
        };
        if !may_be_more {
            self.prune_at = now + PRUNE;
        }
        Ok(())
    }

    /// Whether no run is at work, and none is to come.
    fn is_done(&self) -> bool {
        let is_over = self.until_done && !self.more_to_come && self.arriving.is_empty();
        self.server.is_idle() && self.happened.is_empty() && (is_over || self.is_stopping())
    }

    fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }
}
