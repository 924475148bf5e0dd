//! `serve`: jobs as they come, until a signal or the end of all runs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use polysync_host::{Clock, Digest, JobType, Limits, Source, SystemClock};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Semaphore, watch};
use tokio::time::{self, MissedTickBehavior};

use crate::cli::duration::Retention;
use crate::cli::global::GlobalArgs;
use crate::cli::run::ServeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::{Output, note};
use crate::render::event::warning;
use crate::report;
use crate::report::reporter::Subject;
use crate::runs::event::Event;
use crate::runs::ledger::open::{Held, LedgerFile, Owner};
use crate::runs::ledger_error::LedgerError;
use crate::runs::policy::{Attendance, Policy};
use crate::runs::polls::{self, Polls};
use crate::runs::record::Record;
use crate::runs::runner::Context;
use crate::serve::folder::{Folder, Taken};
use crate::serve::kept_plugin;
use crate::serve::server::Server;
use crate::serve::serving_plugin::ServingPlugin;
use crate::serve::sources::{self, Incoming};
use crate::session::Session;

/// How often the numbers are brought up to date.
const REFRESH: Duration = Duration::from_millis(200);

/// The most runs that read logs at the same time.
const MOST_LOG_READERS: usize = 4;

/// How often runs that were over for long are removed from the ledger.
const PRUNE: Duration = Duration::from_secs(60 * 60);

/// The ledger, which says whether the plugin's file may serve, and what serves instead.
#[derive(Debug)]
pub(crate) struct Prepared {
    ledger: LedgerFile,
    /// The plugin's file was rolled back from.
    rolled_back: Option<Digest>,
    /// The plugin that serves instead of the file.
    pub(crate) instead: Option<Source>,
}

/// Opens the ledger, and asks it about the plugin's file before that is loaded.
pub(crate) fn prepare(global: &GlobalArgs, arguments: &ServeArgs) -> Result<Prepared, Failure> {
    let ledger = LedgerFile::open(&arguments.ledger)?;
    let may_serve = arguments.serve_rolled_back || global.sha256.is_some();
    let history = ledger.plugin_history()?;
    let rolled_back = match &global.component {
        Some(path) if !may_serve && !history.rolled_back.is_empty() => {
            digest(path).filter(|found| history.rolled_back.contains(found))
        }
        _ => None,
    };
    let instead = match (rolled_back, history.latest) {
        (None, _) => None,
        (Some(digest), Some(kept)) => {
            note(&warning(format_args!(
                "the plugin's file (sha256 {}) was rolled back from; the plugin that took over serves \
                 until the file changes, or --serve-rolled-back is given",
                digest.short()
            )));
            Some(kept_plugin::source(kept))
        }
        (Some(digest), None) => {
            return Err(Failure::Tool(anyhow!(
                "the plugin's file (sha256 {}) was rolled back from, and the ledger keeps no other \
                 plugin: replace the file, or give --serve-rolled-back",
                digest.short()
            )));
        }
    };
    Ok(Prepared {
        ledger,
        rolled_back,
        instead,
    })
}

/// The SHA-256 of a file that could be a plugin; none if it can't be read, which loading it reports.
fn digest(path: &Path) -> Option<Digest> {
    let limit = u64::try_from(Limits::recommended().component_bytes).ok()?;
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(Digest::compute(&bytes))
}

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &ServeArgs,
    prepared: Prepared,
) -> Result<Exit, Failure> {
    let when_needs_grow = arguments.when_needs_grow.into();
    let job_type = session.connect_and_swap(when_needs_grow).await?;
    let owner = owner(session, &job_type).await;
    let (ledger, held) = prepared.ledger.begin(&owner)?;
    let open = ledger.clone();
    let (incoming, arriving) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let (events, happened) = mpsc::unbounded_channel();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let window = polls::window(arguments.following.polling.interval());
    let context = Context {
        polls: Polls::gathering(job_type.clone(), Arc::clone(&clock), window),
        job_type,
        ledger,
        policy: policy(arguments, clock.now()),
        clock,
        log_readers: Arc::new(Semaphore::new(log_readers(arguments.concurrent_calls))),
        events,
        stopping,
    };
    let served = async {
        let interrupts = Interrupts::listen()?;
        listen(session, arguments, &held, prepared.rolled_back, &incoming)?;
        let clock = Arc::clone(&context.clock);
        let reporter = report::new(output, Subject::ManyRuns, session.global().verbose);
        let slot = session.slot().clone();
        let component = component(session)?;
        let mut server = Server::new(slot, component, context, reporter, incoming);
        server.resume(held).await?;
        let serving = Serving {
            server,
            clock,
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

/// How many runs may read logs at the same time: few of the calls, so that logs that take long don't hold up
/// polls, starts and cancellations.
fn log_readers(concurrent_calls: u32) -> usize {
    let calls = usize::try_from(concurrent_calls / 4).unwrap_or(MOST_LOG_READERS);
    calls.clamp(1, MOST_LOG_READERS)
}

async fn owner(session: &Session<'_>, job_type: &JobType) -> Owner {
    let account = job_type.account_id().await;
    if account.is_none() {
        tracing::info!(
            "the credentials don't say whose account they are for, so the ledger isn't bound to it"
        );
    }
    let connection = job_type.connection();
    Owner {
        job_type: session.description().id.clone(),
        region: connection.region.clone(),
        endpoint: connection.endpoint.clone().unwrap_or_default(),
        account,
    }
}

/// The plugin's file: the pinned build of it, if one is.
fn component(session: &Session<'_>) -> Result<Source, Failure> {
    let global = session.global();
    let path = global.component.as_deref().context("no plugin is given")?;
    Ok(match global.sha256 {
        Some(digest) => Source::file(path).pinned(digest),
        None => Source::file(path),
    })
}

/// Starts the tasks that listen for orders and swaps.
fn listen(
    session: &Session<'_>,
    arguments: &ServeArgs,
    held: &Held,
    rolled_back: Option<Digest>,
    incoming: &UnboundedSender<Incoming>,
) -> Result<(), Failure> {
    let plugin = ServingPlugin::from(session.slot().clone());
    match &arguments.jobs {
        Some(path) => {
            let folder = Folder::new(path, plugin, taken(held));
            // Later, a folder that can't be listed for now is a warning.
            folder.list()?;
            let once = arguments.until_done;
            tokio::spawn(sources::poll_folder(folder, incoming.clone(), once));
        }
        None => {
            tokio::spawn(sources::read_stdin(plugin, incoming.clone()));
        }
    }
    if arguments.watch {
        let path = session.global().component.as_deref();
        let path = path.context("no plugin is given")?;
        let mut watch = session.slot().watch(path).map_err(anyhow::Error::new)?;
        if let Some(digest) = rolled_back {
            watch = watch.after(digest);
        }
        tokio::spawn(sources::watch_plugin(watch, incoming.clone()));
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
