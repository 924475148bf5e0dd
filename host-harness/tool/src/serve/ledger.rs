//! The ledger: each run on disk, before anything is done about it.
//!
//! It is redb and not SQLite: all that is needed is a record by its key, committed so that a crash
//! leaves it whole; redb is that and no more, in Rust, in one file that one process has open.
//!
//! One thread writes. What came in while it was at work goes into its next transaction together, so
//! that a thousand runs need a handful of commits.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use redb::{Database, DatabaseError, ReadableTable, TableDefinition};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::record::Record;

/// The ledger's own facts, by name.
const FACTS: TableDefinition<&str, &str> = TableDefinition::new("facts");
/// Runs in JSON, by GUID.
const RUNS: TableDefinition<u128, &str> = TableDefinition::new("runs");
/// The runs of job files, by the file's name.
const FILES: TableDefinition<&str, u128> = TableDefinition::new("files");

/// The format of what is kept, raised with each change that an older tool can't read.
const FORMAT: &str = "1";

/// Writes runs. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    path: PathBuf,
    writes: Sender<Write>,
}

/// What a ledger is about; another one's runs would be looked for in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) job_type: String,
    pub(crate) region: String,
    /// Empty for the platform's own.
    pub(crate) endpoint: String,
}

/// What a ledger held when it was opened.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) runs: Vec<Record>,
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
    pub(crate) fn open(path: &Path, about: &About) -> Result<(Self, Held)> {
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => anyhow!(
                "the ledger {} is in use by another process; each needs one of its own",
                path.display()
            ),
            error => anyhow!("cannot open the ledger {}: {error}", path.display()),
        })?;
        let held = prepare(&database, about)
            .with_context(|| format!("cannot use the ledger {}", path.display()))?;
        let (writes, queue) = mpsc::channel();
        thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || write_all(&database, &queue))
            .context("cannot start the ledger's thread")?;
        let path = path.to_owned();
        Ok((Self { path, writes }, held))
    }

    /// Keeps a run, and the file that it came from; returns when it is on disk.
    pub(crate) async fn put(&self, record: &Record, file: Option<&str>) -> Result<()> {
        let written = async {
            let json = serde_json::to_string(record)?;
            let (done, written) = oneshot::channel();
            let write = Write {
                guid: record.guid,
                json,
                file: file.map(str::to_owned),
                done,
            };
            self.writes
                .send(write)
                .map_err(|_| anyhow!("its thread has ended"))?;
            written
                .await
                .context("its thread has ended")?
                .map_err(anyhow::Error::msg)
        };
        written.await.with_context(|| {
            format!(
                "the ledger {} can't be written, so nothing more is started",
                self.path.display()
            )
        })
    }
}

/// Checks whose ledger it is, and reads it.
fn prepare(database: &Database, about: &About) -> Result<Held> {
    let transaction = database.begin_write()?;
    let mut held = Held::default();
    {
        let mut facts = transaction.open_table(FACTS)?;
        let format = facts.get("format")?.map(|fact| fact.value().to_owned());
        if let Some(format) = format.filter(|format| format != FORMAT) {
            bail!("it has format {format}, and this tool knows format {FORMAT}: use a newer tool");
        }
        facts.insert("format", FORMAT)?;
        for (name, what, mine) in [
            ("job-type", "job type", &about.job_type),
            ("region", "region", &about.region),
            ("endpoint", "endpoint", &about.endpoint),
        ] {
            let theirs = facts.get(name)?.map(|fact| fact.value().to_owned());
            match theirs {
                Some(theirs) if theirs != *mine => bail!(
                    "its runs are of the {what} {theirs:?}, and this is {mine:?}: \
                     give another ledger, or what it was begun with"
                ),
                Some(_) => {}
                None => {
                    facts.insert(name, mine.as_str())?;
                }
            }
        }
        let runs = transaction.open_table(RUNS)?;
        for run in runs.iter()? {
            let (guid, json) = run?;
            let record = serde_json::from_str(json.value()).with_context(|| {
                let guid = Uuid::from_u128(guid.value());
                format!("the record of the run {guid} can't be understood")
            })?;
            held.runs.push(record);
        }
        let files = transaction.open_table(FILES)?;
        for file in files.iter()? {
            let (name, guid) = file?;
            let guid = Uuid::from_u128(guid.value());
            held.files.insert(name.value().to_owned(), guid);
        }
    }
    transaction.commit()?;
    Ok(held)
}

fn write_all(database: &Database, queue: &Receiver<Write>) {
    while let Ok(first) = queue.recv() {
        let writes: Vec<_> = std::iter::once(first).chain(queue.try_iter()).collect();
        let written = commit(database, &writes).map_err(|error| error.to_string());
        for write in writes {
            // Whoever doesn't wait any more doesn't need to know.
            let _ = write.done.send(written.clone());
        }
    }
}

/// Durable when it returns, which is redb's way unless told otherwise.
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
    use super::super::record::tests::record;
    use super::super::record::{Ending, Progress};
    use super::*;

    fn about() -> About {
        About {
            job_type: "example".into(),
            region: "eu-west-1".into(),
            endpoint: String::new(),
        }
    }

    fn refusal(path: &Path, about: &About) -> String {
        format!("{:#}", Ledger::open(path, about).unwrap_err())
    }

    /// Waits for the ledger's thread to let go of the file.
    fn reopen(path: &Path) -> Held {
        loop {
            match Ledger::open(path, &about()) {
                Ok((_, held)) => return held,
                Err(error) => assert!(error.to_string().contains("in use"), "{error:#}"),
            }
        }
    }

    #[tokio::test]
    async fn what_was_kept_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let (ledger, held) = Ledger::open(&path, &about()).unwrap();
        assert!(held.runs.is_empty());
        let mut run = record();
        ledger.put(&run, Some("churn.json")).await.unwrap();
        run.progress = Progress::Starting;
        run.over(Ending::Refused, Some("no".into()));
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
        drop(Ledger::open(&path, &about()).unwrap());
        reopen(&path);
        let other = About {
            region: "us-east-1".into(),
            ..about()
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
    fn a_ledger_that_is_in_use_is_told_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let _open = Ledger::open(&path, &about()).unwrap();
        let error = refusal(&path, &about());
        assert!(error.contains("in use by another process"), "{error}");
    }

    #[test]
    fn a_file_of_another_program_is_no_ledger_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        std::fs::write(&path, "notes of mine").unwrap();
        let error = refusal(&path, &about());
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
        let error = refusal(&path, &about());
        assert!(error.contains("format 2"), "{error}");
    }
}
