//! What happens while serving, for whoever tells of it.

use std::sync::Arc;
use std::time::Duration;

use polysync_host::{LoadError, PluginIdentity};

use super::record::Record;
use crate::failure::Failure;

/// One thing that happened. What it says of a run is in the ledger.
#[derive(Debug)]
pub(crate) enum Told {
    /// There is a run to start.
    Accepted(Box<Record>),
    /// The platform has it.
    Started(Box<Record>),
    /// Its state is another, and it isn't over.
    Changed(Box<Record>),
    /// Somebody wants it cancelled.
    CancelWanted(Box<Record>),
    /// The platform was asked to stop it, and says this.
    Cancelling(Box<Record>, String),
    Over(Box<Record>),
    /// A call failed. It is made again where there is a time for it.
    Trouble {
        record: Box<Record>,
        doing: &'static str,
        by: Arc<PluginIdentity>,
        failure: Failure,
        retry_in: Option<Duration>,
    },
    /// A job or an order that can't be taken.
    NotTaken(anyhow::Error),
    Swapped {
        from: Arc<PluginIdentity>,
        to: Arc<PluginIdentity>,
    },
    /// The plugin that is there is the one that serves.
    Unchanged(Arc<PluginIdentity>),
    SwapRefused {
        error: LoadError,
        serving: Arc<PluginIdentity>,
    },
    /// An order to go back, to nothing.
    RollbackRefused(anyhow::Error),
    /// A generation that was swapped out has ended its last call.
    Drained(Arc<PluginIdentity>),
    /// The ledger can't be written: the end of all.
    LedgerFailed(anyhow::Error),
}
