//! The ledger: each run is in it before anything is done about the run.
//!
//! It is redb and not SQLite: what is needed is a record by its key, committed so that a crash
//! leaves it whole. redb does that and no more, in Rust, in one file that one process has open; for
//! a run that nobody follows after a crash, it does the same in memory.
//!
//! One thread has the file. The writes that came in while it was at work go into its next transaction
//! together, so that a thousand runs need a handful of commits.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use jiff::Timestamp;
use polysync_host::Digest;
use redb::Database;
use redb::backends::InMemoryBackend;
use tokio::sync::oneshot;
use uuid::Uuid;

use self::kept_plugins::KeptPlugin;
use self::prune::Pruned;
use self::tables::{Row, Tables};
use super::ledger_error::LedgerError;
use super::record::Record;

mod format;
pub(crate) mod kept_plugins;
pub(crate) mod open;
pub(crate) mod prune;
mod tables;

/// Reads and writes runs. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    /// None in memory.
    path: Option<PathBuf>,
    messages: Sender<Message>,
}

/// Work on the open file.
type Work = Box<dyn FnOnce(&Database) + Send>;

/// What the ledger's thread is asked for.
enum Message {
    Put(Write),
    Do(Work),
    /// Close the file; answered when it is closed.
    Close(oneshot::Sender<()>),
}

struct Write {
    row: Row,
    file: Option<String>,
    done: oneshot::Sender<Result<(), String>>,
}

impl Ledger {
    /// A ledger that is gone when the program ends.
    pub(crate) fn in_memory() -> Result<Self, LedgerError> {
        let backend = InMemoryBackend::new();
        let database = Database::builder()
            .create_with_backend(backend)
            .map_err(|error| LedgerError::Write {
                path: None,
                reason: error.to_string(),
            })?;
        Self::run(database, None)
    }

    fn run(database: Database, path: Option<&Path>) -> Result<Self, LedgerError> {
        let (messages, queue) = mpsc::channel();
        thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || work(database, &queue))
            .map_err(LedgerError::Thread)?;
        let path = path.map(Path::to_owned);
        Ok(Self { path, messages })
    }

    /// Writes a run, and the file that its job came from; returns when it is on disk.
    pub(crate) async fn put(&self, record: &Record, file: Option<&str>) -> Result<(), LedgerError> {
        self.write(record, file)
            .await
            .map_err(|reason| self.failed(reason))
    }

    async fn write(&self, record: &Record, file: Option<&str>) -> Result<(), String> {
        let (done, written) = oneshot::channel();
        let write = Write {
            row: Row::new(record).map_err(|error| error.to_string())?,
            file: file.map(str::to_owned),
            done,
        };
        self.send(Message::Put(write))?;
        written.await.map_err(|_| ended())?
    }

    /// A run, if the ledger has it and can understand it.
    pub(crate) async fn get(&self, guid: Uuid) -> Result<Option<Record>, LedgerError> {
        self.ask(move |database| tables::read_run(database, guid))
            .await
    }

    /// Removes the runs that were over before `before`, except those whose job file `is_needed`, as the
    /// ledger is what keeps the file from being run again.
    pub(crate) async fn prune(
        &self,
        before: Timestamp,
        is_needed: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Pruned, LedgerError> {
        self.ask(move |database| prune::prune(database, before, is_needed))
            .await
    }

    /// A plugin serves its job type: it is kept for rollbacks after a restart.
    pub(crate) async fn keep_plugin(
        &self,
        job_type: &str,
        plugin: KeptPlugin,
    ) -> Result<(), LedgerError> {
        let job_type = job_type.to_owned();
        self.ask(move |database| kept_plugins::keep(database, &job_type, &plugin))
            .await
    }

    /// The plugin of a job type that served before the latest one, if its component is kept.
    pub(crate) async fn earlier_plugin(
        &self,
        job_type: &str,
    ) -> Result<Option<KeptPlugin>, LedgerError> {
        let job_type = job_type.to_owned();
        self.ask(move |database| kept_plugins::earlier(database, &job_type))
            .await
    }

    /// A plugin of a job type was rolled back from: it isn't served again, and if it was the latest, the
    /// one before it is.
    pub(crate) async fn roll_back(
        &self,
        job_type: &str,
        refused: Digest,
    ) -> Result<(), LedgerError> {
        let job_type = job_type.to_owned();
        self.ask(move |database| kept_plugins::roll_back(database, &job_type, refused))
            .await
    }

    /// Closes the file when all writes are on disk; nothing more can be written.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.send(Message::Close(done)).is_ok() {
            // An error says that the thread has ended, and the file is closed with it.
            let _ = closed.await;
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, redb::Error> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (done, answered) = oneshot::channel();
        let work: Work = Box::new(move |database| {
            // The receiver is gone if the task that asked was dropped.
            let _ = done.send(work(database).map_err(|error| error.to_string()));
        });
        let answer = match self.send(Message::Do(work)) {
            Ok(()) => answered.await.unwrap_or_else(|_| Err(ended())),
            Err(reason) => Err(reason),
        };
        answer.map_err(|reason| self.failed(reason))
    }

    fn send(&self, message: Message) -> Result<(), String> {
        self.messages.send(message).map_err(|_| ended())
    }

    fn failed(&self, reason: String) -> LedgerError {
        LedgerError::Write {
            path: self.path.clone(),
            reason,
        }
    }
}

fn ended() -> String {
    "it is closed".to_owned()
}

/// Works until the file is to be closed, or nobody has the ledger any more.
fn work(database: Database, queue: &Receiver<Message>) {
    while let Ok(first) = queue.recv() {
        let mut writes = Vec::new();
        for message in std::iter::once(first).chain(queue.try_iter()) {
            match message {
                Message::Put(write) => writes.push(write),
                Message::Do(work) => {
                    commit(&database, std::mem::take(&mut writes));
                    work(&database);
                }
                Message::Close(done) => {
                    commit(&database, writes);
                    if let Err(error) = database.close() {
                        tracing::warn!(%error, "the ledger can't be closed cleanly; it is repaired when it is opened");
                    }
                    let _ = done.send(());
                    return;
                }
            }
        }
        commit(&database, writes);
    }
}

/// The writes are durable when they are answered: that is redb's default.
fn commit(database: &Database, writes: Vec<Write>) {
    if writes.is_empty() {
        return;
    }
    let written = Tables::write(database, |tables| {
        writes.iter().try_for_each(|write| {
            tables.put(&write.row)?;
            match &write.file {
                Some(file) => tables.put_file(file, write.row.guid),
                None => Ok(()),
            }
        })
    })
    .map_err(|error| error.to_string());
    for write in writes {
        // The receiver is gone if the run's task was dropped.
        let _ = write.done.send(written.clone());
    }
}

#[cfg(test)]
mod tests;
