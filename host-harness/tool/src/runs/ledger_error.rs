//! Why a ledger can't be opened or written.

use std::io;
use std::path::{Path, PathBuf};

use crate::private_file::NotPrivate;

/// Why a ledger can't be opened or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    #[error("the ledger {} is in use by another process; each needs one of its own", path.display())]
    InUse { path: PathBuf },
    #[error("cannot open the ledger {}: {reason}", path.display())]
    File { path: PathBuf, reason: NotPrivate },
    #[error("cannot open the ledger {}: {source}", path.display())]
    Open { path: PathBuf, source: redb::Error },
    #[error("cannot use the ledger {}: {source}", path.display())]
    Unusable { path: PathBuf, source: Unusable },
    #[error("cannot start the ledger's thread: {0}")]
    Thread(io::Error),
    #[error("{} can't be written, so nothing more is started: {reason}", name(path.as_deref()))]
    Write {
        path: Option<PathBuf>,
        reason: String,
    },
}

/// Why what a ledger holds is of no use here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("it has format {format}, and this tool knows format {known}: use a newer tool")]
    Format { format: String, known: &'static str },
    #[error(
        "its runs are of the {what} {theirs:?}, and this is {ours:?}: \
         give another ledger, or what it was begun with"
    )]
    Owner {
        what: &'static str,
        theirs: String,
        ours: String,
    },
    #[error(transparent)]
    Read(#[from] redb::Error),
}

/// `the ledger PATH`, for messages.
fn name(path: Option<&Path>) -> String {
    match path {
        Some(path) => format!("the ledger {}", path.display()),
        None => "the ledger in memory".to_owned(),
    }
}
