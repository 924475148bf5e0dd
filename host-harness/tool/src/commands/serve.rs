//! `serve`: jobs as they come, until a signal or the end of all runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use polysync_host::{JobType, SystemClock};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::time::{self, MissedTickBehavior};

use crate::cli::run::ServeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use crate::report;
use crate::report::reporter::Subject;
use crate::runs::event::Event;
use crate::runs::ledger::{Held, Ledger, Owner};
use crate::runs::ledger_error::LedgerError;
use crate::runs::policy::{Attendance, Policy};
use crate::runs::runner::Context;
use crate::serve::folder::Folder;
use crate::serve::server::Server;
use crate::serve::sources::{self, Incoming};
use crate::session::Session;

/// How often the numbers are brought up to date.
const REFRESH: Duration = Duration::from_millis(200);

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &ServeArgs,
) -> Result<Exit, Failure> {
    let when_needs_grow = arguments.when_needs_grow.into();
    let job_type = session.connect_and_swap(when_needs_grow).await?;
    let (ledger, held) = Ledger::open(&arguments.ledger, &owner(session, &job_type))?;
    let interrupts = Interrupts::listen()?;
    let (incoming, arriving) = mpsc::unbounded_channel();
    listen(session, arguments, &held, &incoming)?;

    let (stop, stopping) = watch::channel(false);
    let (events, happened) = mpsc::unbounded_channel();
    let context = Context {
        job_type,
        ledger,
        policy: policy(arguments),
        clock: Arc::new(SystemClock),
        events,
        stopping,
    };
    let reporter = report::new(output, Subject::ManyRuns, session.global().verbose);
    let mut server = Server::new(session.slot().clone(), context, reporter);
    server.resume(held)?;
    let serving = Serving {
        server,
        interrupts,
        arriving,
        happened,
        stop,
        until_done: arguments.until_done,
        more_to_come: true,
        failed: None,
    };
    serving.serve().await
}

/// Nobody waits for a run, and steps aren't listed: the lines of many runs have no room for them.
fn policy(arguments: &ServeArgs) -> Policy {
    Policy {
        attendance: Attendance::Unattended,
        interval: arguments.poll_interval,
        list_steps: false,
        monitor_url: false,
    }
}

fn owner(session: &Session<'_>, job_type: &JobType) -> Owner {
    let connection = job_type.connection();
    Owner {
        job_type: session.description().id.clone(),
        region: connection.region.clone(),
        endpoint: connection.endpoint.clone().unwrap_or_default(),
    }
}

/// Starts the tasks that listen for orders and swaps.
fn listen(
    session: &Session<'_>,
    arguments: &ServeArgs,
    held: &Held,
    incoming: &UnboundedSender<Incoming>,
) -> Result<(), Failure> {
    let description = session.description();
    match &arguments.jobs {
        Some(path) => {
            let folder = Folder::new(path, description, held.files.keys().cloned());
            let once = arguments.until_done;
            tokio::spawn(sources::poll_folder(folder, incoming.clone(), once));
        }
        None => {
            tokio::spawn(sources::read_stdin(description.clone(), incoming.clone()));
        }
    }
    if arguments.watch {
        let component = session.global().component.as_deref();
        let component = component.context("no plugin is given")?;
        sources::watch_plugin(session.slot(), component, incoming.clone())?;
    }
    Ok(())
}

/// A server and what it waits for.
struct Serving {
    server: Server,
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
                _ = refresh.tick() => self.server.refresh()?,
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

    /// Whether no run is at work, and none is to come.
    fn is_done(&self) -> bool {
        let is_over = self.until_done && !self.more_to_come && self.arriving.is_empty();
        self.server.is_idle() && self.happened.is_empty() && (is_over || self.is_stopping())
    }

    fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }
}
