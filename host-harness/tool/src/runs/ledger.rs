//! The ledger: each run is in it before anything is done about the run.
//!
//! It is redb and not SQLite: what is needed is a record by its key, committed so that a crash
//! leaves it whole. redb does that and no more, in Rust, in one file that one process has open; for
//! a run that nobody follows after a crash, it does the same in memory.
//!
//! One thread writes. What came in while it was at work goes into its next transaction together, so
//! that a thousand runs need a handful of commits.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use redb::backends::InMemoryBackend;
use redb::{Database, DatabaseError, ReadableTable, Table, TableDefinition, WriteTransaction};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::ledger_error::{LedgerError, Unusable};
use super::record::Record;

/// The ledger's own facts, by name.
const FACTS: TableDefinition<&str, &str> = TableDefinition::new("facts");
/// Runs in JSON, by GUID.
const RUNS: TableDefinition<u128, &str> = TableDefinition::new("runs");
/// The runs of job files, by the file's name.
const FILES: TableDefinition<&str, u128> = TableDefinition::new("files");

/// The format of the ledger, raised with each change that an older tool can't read.
const FORMAT: &str = "1";

/// Writes runs. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    /// None in memory.
    path: Option<PathBuf>,
    writes: Sender<Write>,
}

/// What the runs of a ledger belong to. Elsewhere, the platform would not know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) job_type: String,
    pub(crate) region: String,
    /// Empty for the platform's own.
    pub(crate) endpoint: String,
}

/// What a ledger held when it was opened.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) runs: Vec<Record>,
    /// The runs of job files, by the file's name.
    pub(crate) files: HashMap<String, Uuid>,
}

struct Write {
    guid: Uuid,
    json: String,
    file: Option<String>,
    done: oneshot::Sender<Result<(), String>>,
}

impl Ledger {
    /// Opens a ledger, or makes one.
    pub(crate) fn open(path: &Path, owner: &Owner) -> Result<(Self, Held), LedgerError> {
        let path = path.to_owned();
        let database = match Database::create(&path) {
            Ok(database) => database,
            Err(DatabaseError::DatabaseAlreadyOpen) => return Err(LedgerError::InUse { path }),
            Err(error) => {
                let source = error.into();
                return Err(LedgerError::Open { path, source });
            }
        };
        match prepare(&database, owner) {
            Ok(held) => Ok((Self::write_to(database, Some(path))?, held)),
            Err(source) => Err(LedgerError::Unusable { path, source }),
        }
    }

    /// A ledger that is gone when the program ends.
    pub(crate) fn in_memory() -> Result<Self, LedgerError> {
        let backend = InMemoryBackend::new();
        let database = Database::builder()
            .create_with_backend(backend)
            .map_err(|error| LedgerError::Write {
                path: None,
                reason: error.to_string(),
            })?;
        Self::write_to(database, None)
    }

    fn write_to(database: Database, path: Option<PathBuf>) -> Result<Self, LedgerError> {
        let (writes, queue) = mpsc::channel();
        thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || write_all(&database, &queue))
            .map_err(LedgerError::Thread)?;
        Ok(Self { path, writes })
    }

    /// Writes a run, and the file that its job came from; returns when it is on disk.
    pub(crate) async fn put(&self, record: &Record, file: Option<&str>) -> Result<(), LedgerError> {
        self.write(record, file)
            .await
            .map_err(|reason| LedgerError::Write {
                path: self.path.clone(),
                reason,
            })
    }

    async fn write(&self, record: &Record, file: Option<&str>) -> Result<(), String> {
        let ended = || "its thread has ended".to_owned();
        let json = serde_json::to_string(record).map_err(|error| error.to_string())?;
        let (done, written) = oneshot::channel();
        let write = Write {
            guid: record.guid,
            json,
            file: file.map(str::to_owned),
            done,
        };
        self.writes.send(write).map_err(|_| ended())?;
        written.await.map_err(|_| ended())?
    }
}

/// Checks whose ledger it is, and reads it.
fn prepare(database: &Database, owner: &Owner) -> Result<Held, Unusable> {
    let transaction = database.begin_write().map_err(redb::Error::from)?;
    check_owner(&transaction, owner)?;
    let held = Held {
        runs: read_runs(&transaction)?,
        files: read_files(&transaction)?,
    };
    transaction.commit().map_err(redb::Error::from)?;
    Ok(held)
}

/// Fails for a ledger of another format or owner; a new one gets ours.
fn check_owner(transaction: &WriteTransaction, owner: &Owner) -> Result<(), Unusable> {
    let mut facts = transaction.open_table(FACTS).map_err(redb::Error::from)?;
    if let Some(format) = fact(&facts, "format")?.filter(|format| format != FORMAT) {
        let known = FORMAT;
        return Err(Unusable::Format { format, known });
    }
    let storage = redb::Error::from;
    facts.insert("format", FORMAT).map_err(storage)?;
    for (name, what, ours) in [
        ("job-type", "job type", &owner.job_type),
        ("region", "region", &owner.region),
        ("endpoint", "endpoint", &owner.endpoint),
    ] {
        match fact(&facts, name)? {
            Some(theirs) if theirs != *ours => {
                let ours = ours.clone();
                return Err(Unusable::Owner { what, theirs, ours });
            }
            Some(_) => {}
            None => {
                facts.insert(name, ours.as_str()).map_err(storage)?;
            }
        }
    }
    Ok(())
}

fn fact(
    facts: &Table<'_, &'static str, &'static str>,
    name: &str,
) -> Result<Option<String>, redb::Error> {
    Ok(facts.get(name)?.map(|fact| fact.value().to_owned()))
}

fn read_runs(transaction: &WriteTransaction) -> Result<Vec<Record>, Unusable> {
    let table = transaction.open_table(RUNS).map_err(redb::Error::from)?;
    let mut runs = Vec::new();
    for run in table.iter().map_err(redb::Error::from)? {
        let (guid, json) = run.map_err(redb::Error::from)?;
        let record = serde_json::from_str(json.value()).map_err(|source| Unusable::Record {
            guid: Uuid::from_u128(guid.value()),
            source,
        })?;
        runs.push(record);
    }
    Ok(runs)
}

fn read_files(transaction: &WriteTransaction) -> Result<HashMap<String, Uuid>, redb::Error> {
    let table = transaction.open_table(FILES)?;
    let mut files = HashMap::new();
    for file in table.iter()? {
        let (name, guid) = file?;
        files.insert(name.value().to_owned(), Uuid::from_u128(guid.value()));
    }
    Ok(files)
}

fn write_all(database: &Database, queue: &Receiver<Write>) {
    while let Ok(first) = queue.recv() {
        let writes: Vec<_> = std::iter::once(first).chain(queue.try_iter()).collect();
        let written = commit(database, &writes).map_err(|error| error.to_string());
        for write in writes {
            // The receiver is gone if the run's task was dropped.
            let _ = write.done.send(written.clone());
        }
    }
}

/// The writes are durable when it returns: that is redb's default.
fn commit(database: &Database, writes: &[Write]) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut runs = transaction.open_table(RUNS)?;
        let mut files = transaction.open_table(FILES)?;
        for write in writes {
            let guid = write.guid.as_u128();
            runs.insert(guid, write.json.as_str())?;
            if let Some(file) = &write.file {
                files.insert(file.as_str(), guid)?;
            }
        }
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::ending::Ending;
    use crate::runs::record::Progress;
    use crate::samples::record;

    fn owner() -> Owner {
        Owner {
            job_type: "example".into(),
            region: "eu-west-1".into(),
            endpoint: String::new(),
        }
    }

    fn refusal(path: &Path, owner: &Owner) -> String {
        Ledger::open(path, owner).unwrap_err().to_string()
    }

    /// Waits for the ledger's thread to let go of the file.
    fn reopen(path: &Path) -> Held {
        loop {
            match Ledger::open(path, &owner()) {
                Ok((_, held)) => return held,
                Err(error) => assert!(error.to_string().contains("in use"), "{error}"),
            }
        }
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let (ledger, held) = Ledger::open(&path, &owner()).unwrap();
        assert!(held.runs.is_empty());
        let mut run = record();
        ledger.put(&run, Some("churn.json")).await.unwrap();
        run.progress = Progress::Starting;
        run.finish(Ending::Refused, Some("no".into()));
        ledger.put(&run, None).await.unwrap();
        drop(ledger);

        let held = reopen(&path);
        assert_eq!(held.files["churn.json"], run.guid);
        assert_eq!(held.runs, [run]);
    }

    #[test]
    fn a_ledger_of_another_connection_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        drop(Ledger::open(&path, &owner()).unwrap());
        reopen(&path);
        let other = Owner {
            region: "us-east-1".into(),
            ..owner()
        };
        let error = loop {
            let error = refusal(&path, &other);
            if !error.contains("in use") {
                break error;
            }
        };
        assert!(
            error.contains(r#"its runs are of the region "eu-west-1", and this is "us-east-1""#),
            "{error}"
        );
    }

    #[test]
    fn a_ledger_that_is_in_use_is_refused_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let _open = Ledger::open(&path, &owner()).unwrap();
        let error = refusal(&path, &owner());
        assert!(error.contains("in use by another process"), "{error}");
    }

    #[test]
    fn a_file_of_another_program_is_refused_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        std::fs::write(&path, "notes of mine").unwrap();
        let error = refusal(&path, &owner());
        assert!(error.starts_with("cannot open the ledger "), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"notes of mine");
    }

    #[test]
    fn a_ledger_of_a_newer_tool_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let database = Database::create(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut facts = transaction.open_table(FACTS).unwrap();
        facts.insert("format", "2").unwrap();
        drop(facts);
        transaction.commit().unwrap();
        drop(database);
        let error = refusal(&path, &owner());
        assert!(error.contains("format 2"), "{error}");
    }

    #[test]
    fn a_record_that_cannot_be_understood_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let database = Database::create(&path).unwrap();
        let transaction = database.begin_write().unwrap();
        let mut runs = transaction.open_table(RUNS).unwrap();
        runs.insert(7, "{}").unwrap();
        drop(runs);
        transaction.commit().unwrap();
        drop(database);
        let error = refusal(&path, &owner());
        let expected = "the record of the run 00000000-0000-0000-0000-000000000007 can't be understood: missing field";
        assert!(error.contains(expected), "{error}");
    }

    #[tokio::test]
    async fn a_ledger_in_memory_takes_runs() {
        let ledger = Ledger::in_memory().unwrap();
        assert!(ledger.put(&record(), None).await.is_ok());
    }
}
