//! Where orders and swaps come from: a folder, stdin, and the plugins' files. Each is a task that
//! sends what it finds.

use std::time::Duration;

use polysync_host::{LoadError, Swap, Watch};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc::UnboundedSender;
use tokio::time;
use uuid::Uuid;

use super::folder::Folder;
use super::order::{self, Order};
use super::serving_plugins::ServingPlugins;
use crate::runs::call::CallFailure;

/// How often the folder of jobs is polled.
const POLL: Duration = Duration::from_millis(500);

/// What comes from outside.
#[derive(Debug)]
pub(crate) enum Incoming {
    Order(anyhow::Result<Order>),
    /// There are no more orders, and none will come.
    End,
    /// There are no more orders for now.
    NothingNew,
    /// What came of a swap of this job type's plugin.
    Swap {
        job_type: String,
        swap: Result<Swap, LoadError>,
    },
    /// What came of a rollback of this job type to a plugin that the ledger keeps.
    Rollback {
        job_type: String,
        swap: Result<Swap, LoadError>,
    },
    /// The platform's word about a run that an operator takes for the one of an uncertain start.
    Adoption {
        guid: Uuid,
        run_id: String,
        known: Result<(), CallFailure>,
    },
}

/// Polls the folder as long as somebody takes what it finds.
pub(crate) async fn poll_folder(mut folder: Folder, incoming: UnboundedSender<Incoming>) {
    let mut is_reported = false;
    loop {
        let orders = match folder.poll() {
            Ok(orders) => {
                is_reported = false;
                orders
            }
            // The same error again says nothing new.
            Err(_) if is_reported => Vec::new(),
            Err(error) => {
                is_reported = true;
                if incoming.send(Incoming::Order(Err(error))).is_err() {
                    return;
                }
                Vec::new()
            }
        };
        let is_empty = orders.is_empty();
        for order in orders {
            if incoming.send(Incoming::Order(order)).is_err() {
                return;
            }
        }
        if !is_empty {
            // Another poll may find more: a cancellation is taken only after its job.
            continue;
        }
        if !folder.is_waiting() && incoming.send(Incoming::NothingNew).is_err() {
            return;
        }
        time::sleep(POLL).await;
    }
}

/// Reads orders from stdin, a line each.
pub(crate) async fn read_stdin(plugins: ServingPlugins, incoming: UnboundedSender<Incoming>) {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let order = match lines.next_line().await {
            Ok(Some(line)) => order::from_line(&line, &plugins).transpose(),
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

/// Swaps the plugin of a job type whenever its file changes.
pub(crate) async fn watch_plugin(
    job_type: String,
    mut watch: Watch,
    incoming: UnboundedSender<Incoming>,
) {
    loop {
        let (job_type, swap) = (job_type.clone(), watch.next().await);
        if incoming.send(Incoming::Swap { job_type, swap }).is_err() {
            return;
        }
    }
}
