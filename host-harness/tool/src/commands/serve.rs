//! `serve`: jobs as they come, until a signal or the end of all runs.

use std::time::Duration;

use anyhow::Context;
use polysync_host::Slot;
use polysync_host::contract::Description;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::{mpsc, watch};
use tokio::time::{self, MissedTickBehavior};

use crate::args::ServeArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::output::Output;
use crate::serve::intake::{self, Folder};
use crate::serve::ledger::{About, Ledger};
use crate::serve::report::Report;
use crate::serve::runner::Surroundings;
use crate::serve::told::Told;
use crate::serve::{Incoming, Server};
use crate::session::Session;

/// How often the folder of jobs is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How often the numbers are brought up to date.
const REFRESH: Duration = Duration::from_millis(200);

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &ServeArgs,
) -> Result<Exit, Failure> {
    let job_type = session.connect().await?;
    let about = About {
        job_type: session.description().id.clone(),
        region: job_type.connection().region.clone(),
        endpoint: job_type.connection().endpoint.clone().unwrap_or_default(),
    };
    let (ledger, held) = Ledger::open(&arguments.ledger, &about)?;
    let mut interrupts = Interrupts::listen()?;
    let slot = session.slot().clone();

    let (incoming, mut arriving) = mpsc::unbounded_channel();
    match &arguments.jobs {
        Some(path) => {
            let taken = held.files.keys().cloned();
            let folder = Folder::new(path, session.description(), taken);
            tokio::spawn(look(folder, incoming.clone(), arguments.until_done));
        }
        None => {
            let description = session.description().clone();
            tokio::spawn(read_stdin(description, incoming.clone()));
        }
    }
    if arguments.watch {
        watch_plugin(session, &slot, incoming.clone())?;
    }

    let (stop, stopping) = watch::channel(false);
    let (told, mut telling) = mpsc::unbounded_channel();
    let around = Surroundings {
        job_type,
        ledger,
        interval: arguments.poll_interval,
        told,
        stopping,
    };
    let report = Report::new(output, session.global().verbose > 0);
    let mut server = Server::new(slot, around, report);
    server.resume(held);
    server
        .report
        .serving(&server.slot.identity(), &server.summary())?;

    let mut refresh = time::interval(REFRESH);
    refresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut more_to_come = true;
    let mut failed = None;
    loop {
        let is_done = server.is_idle() && telling.is_empty();
        let is_over = arguments.until_done && !more_to_come && arriving.is_empty();
        if is_done && (is_over || *stop.borrow()) {
            break;
        }
        tokio::select! {
            biased;
            () = interrupts.next() => {
                if stop.send_replace(true) {
                    break;
                }
                server.report.remark("stopping: calls that are under way end first; again to end at once")?;
            }
            Some(told) = telling.recv() => match told {
                Told::LedgerFailed(error) => {
                    stop.send_replace(true);
                    failed.get_or_insert(error);
                }
                told => server.told(&told)?,
            },
            Some(came) = arriving.recv(), if !*stop.borrow() => match came {
                Incoming::End => more_to_come = false,
                came => server.take(came).await?,
            },
            () = server.task_ended(), if !server.is_idle() => {}
            _ = refresh.tick() => server.refresh()?,
        }
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    let exit = match *stop.borrow() {
        true => Exit::Success,
        false => server.counts.exit(),
    };
    server.report.served(&server.summary(), exit.code())?;
    Ok(exit)
}

/// Looks at the folder now and then; once, where the end of all is waited for.
async fn look(mut folder: Folder, incoming: mpsc::UnboundedSender<Incoming>, once: bool) {
    let mut reported = false;
    loop {
        match folder.look() {
            Ok(orders) => {
                reported = false;
                let found = !orders.is_empty();
                for order in orders {
                    if incoming.send(Incoming::Order(order)).is_err() {
                        return;
                    }
                }
                // What was found may call for another look: a cancellation comes after its job.
                if once && !found {
                    let _ = incoming.send(Incoming::End);
                    return;
                }
                if found {
                    continue;
                }
            }
            Err(error) => {
                if !reported && incoming.send(Incoming::Order(Err(error))).is_err() {
                    return;
                }
                reported = true;
                if once {
                    let _ = incoming.send(Incoming::End);
                    return;
                }
            }
        }
        time::sleep(LOOK).await;
    }
}

async fn read_stdin(description: Description, incoming: mpsc::UnboundedSender<Incoming>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let order = match lines.next_line().await {
            Ok(Some(line)) => intake::of_line(&line, &description).transpose(),
            Ok(None) => break,
            Err(error) => {
                let error = anyhow::Error::new(error).context("cannot read stdin");
                let _ = incoming.send(Incoming::Order(Err(error)));
                break;
            }
        };
        if let Some(order) = order
            && incoming.send(Incoming::Order(order)).is_err()
        {
            return;
        }
    }
    let _ = incoming.send(Incoming::End);
}

fn watch_plugin(
    session: &Session<'_>,
    slot: &Slot,
    incoming: mpsc::UnboundedSender<Incoming>,
) -> Result<(), Failure> {
    let component = session
        .global()
        .component
        .as_deref()
        .context("no plugin is given")?;
    let mut watch = slot.watch(component).map_err(anyhow::Error::new)?;
    tokio::spawn(async move {
        loop {
            let swap = watch.next().await;
            if incoming.send(Incoming::Swap(swap)).is_err() {
                return;
            }
        }
    });
    Ok(())
}
