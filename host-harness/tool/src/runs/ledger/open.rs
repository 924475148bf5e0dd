//! Opens a ledger: what it is has to be known before it is used, and before a plugin is loaded, since
//! the ledger may know that the plugin's file is not to be served.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use polysync_host::Digest;
use redb::backends::FileBackend;
use redb::{Database, DatabaseError, ReadableTable, WriteTransaction};
use uuid::Uuid;

use super::Ledger;
use super::format::{Format, fact};
use super::kept_plugins::{self, RolledBack};
use super::tables::{FACTS, Tables};
use crate::private_file;
use crate::runs::ledger_error::{LedgerError, Unusable};
use crate::runs::record::Record;
use crate::runs::state::State;

/// The connection that the runs of a ledger belong to. Elsewhere, the platform would not know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) region: String,
    /// Empty for the platform's own.
    pub(crate) endpoint: String,
    /// None if the credentials don't say whose account they are for: then any account may be.
    pub(crate) account: Option<String>,
}

/// A ledger's file that is open and not used yet.
#[derive(Debug)]
pub(crate) struct LedgerFile {
    path: PathBuf,
    database: Database,
}

/// What a ledger held when it was opened.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// The runs that are not over.
    pub(crate) runs: Vec<Record>,
    /// The number of runs in each state, those that are over included.
    pub(crate) totals: BTreeMap<State, u64>,
    /// The runs of job files, by the file's name.
    pub(crate) files: HashMap<String, Uuid>,
    /// Records that couldn't be understood and were put aside just now.
    pub(crate) unreadable: Vec<Uuid>,
}

impl LedgerFile {
    /// Opens a ledger, or makes one. The file is locked, and nobody else may read or write it.
    pub(crate) fn open(path: &Path) -> Result<Self, LedgerError> {
        let path = path.to_owned();
        let file = match private_file::open(&path) {
            Ok(file) => file,
            Err(reason) => return Err(LedgerError::File { path, reason }),
        };
        let opened = FileBackend::new(file)
            .and_then(|backend| Database::builder().create_with_backend(backend));
        match opened {
            Ok(database) => Ok(Self { path, database }),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(LedgerError::InUse { path }),
            Err(error) => {
                let source = error.into();
                Err(LedgerError::Open { path, source })
            }
        }
    }

    /// What it knows of a plugin, if that was rolled back from.
    pub(crate) fn rolled_back(&self, plugin: Digest) -> Result<Option<RolledBack>, LedgerError> {
        self.read_rolled_back(plugin)
            .map_err(|source| self.unusable(source))
    }

    /// An older ledger is read as it will be when it is up to date. It stays as it is, because it may yet
    /// be refused.
    fn read_rolled_back(&self, plugin: Digest) -> Result<Option<RolledBack>, Unusable> {
        let transaction = self.database.begin_write().map_err(redb::Error::from)?;
        Format::of(&transaction)?.bring_plugins_up_to_date(&transaction)?;
        let found = kept_plugins::rolled_back(&transaction, plugin)?;
        transaction.abort().map_err(redb::Error::from)?;
        Ok(found)
    }

    /// Checks whose ledger it is, and reads the runs that are not over.
    pub(crate) fn begin(self, owner: &Owner) -> Result<(Ledger, Held), LedgerError> {
        let held = prepare(&self.database, owner).map_err(|source| self.unusable(source))?;
        let ledger = Ledger::run(self.database, Some(&self.path))?;
        Ok((ledger, held))
    }

    fn unusable(&self, source: Unusable) -> LedgerError {
        let path = self.path.clone();
        LedgerError::Unusable { path, source }
    }
}

fn prepare(database: &Database, owner: &Owner) -> Result<Held, Unusable> {
    let transaction = database.begin_write().map_err(redb::Error::from)?;
    let format = Format::of(&transaction)?;
    check_owner(&transaction, owner)?;
    let unreadable = format.bring_up_to_date(&transaction)?;
    let held = Tables::open(&transaction)?.read(unreadable)?;
    transaction.commit().map_err(redb::Error::from)?;
    Ok(held)
}

/// Fails for a ledger of another owner; a new one gets ours.
fn check_owner(transaction: &WriteTransaction, owner: &Owner) -> Result<(), Unusable> {
    let mut facts = transaction.open_table(FACTS).map_err(redb::Error::from)?;
    for (what, ours) in [
        ("region", Some(&owner.region)),
        ("endpoint", Some(&owner.endpoint)),
        ("account", owner.account.as_ref()),
    ] {
        match (fact(&facts, what)?, ours) {
            (Some(theirs), Some(ours)) if theirs != *ours => {
                let ours = ours.clone();
                return Err(Unusable::Owner { what, theirs, ours });
            }
            (None, Some(ours)) => {
                facts
                    .insert(what, ours.as_str())
                    .map_err(redb::Error::from)?;
            }
            _ => {}
        }
    }
    Ok(())
}

impl Tables<'_> {
    /// Reads what there is to go on with. Runs that can't be understood, and those of `unreadable`, are
    /// put aside.
    fn read(&mut self, mut unreadable: Vec<u128>) -> Result<Held, redb::Error> {
        let mut runs = Vec::new();
        for alive in self.alive.iter()? {
            let guid = alive?.0.value();
            let json = self.runs.get(guid)?;
            match json.map(|json| serde_json::from_str(json.value())) {
                Some(Ok(record)) => runs.push(record),
                Some(Err(_)) | None => unreadable.push(guid),
            }
        }
        for guid in &unreadable {
            self.put_aside(*guid)?;
        }
        Ok(Held {
            runs,
            totals: self.totals()?,
            files: self.file_runs()?,
            unreadable: unreadable.into_iter().map(Uuid::from_u128).collect(),
        })
    }
}
