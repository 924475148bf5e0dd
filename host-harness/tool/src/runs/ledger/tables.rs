//! The ledger's tables, and the rules that keep them consistent with each other.
//!
//! Beside the runs there is an index of those that are not over, one of those that are over by the
//! time of their end, and the number of runs in each state. All change in one transaction. So opening a
//! ledger and pruning it read only the runs that they are about, and sums read a handful of numbers.

use std::collections::{BTreeMap, HashMap};

use redb::{Database, ReadableTable, Table, TableDefinition, WriteTransaction};
use uuid::Uuid;

use crate::runs::record::{Progress, Record};
use crate::runs::state::State;

/// The ledger's own facts, by name.
pub(super) const FACTS: TableDefinition<&str, &str> = TableDefinition::new("facts");
/// Runs in JSON, by GUID.
pub(super) const RUNS: TableDefinition<u128, &str> = TableDefinition::new("runs");
/// The runs of job files, by the file's name.
pub(super) const FILES: TableDefinition<&str, u128> = TableDefinition::new("files");
/// The states of the runs that are not over, by GUID.
pub(super) const ALIVE: TableDefinition<u128, &str> = TableDefinition::new("alive");
/// The states of the runs that are over, by the end in milliseconds since 1970 and the GUID.
pub(super) const OVER: TableDefinition<(i64, u128), &str> = TableDefinition::new("over");
/// The number of runs in each state.
pub(super) const TOTALS: TableDefinition<&str, u64> = TableDefinition::new("totals");
/// Records that can't be understood, by GUID: neither used nor deleted.
pub(super) const ASIDE: TableDefinition<u128, &str> = TableDefinition::new("aside");

/// A run as the tables have it.
pub(super) struct Row {
    pub(super) guid: Uuid,
    json: String,
    place: Place,
}

/// Where a run is in the indices.
#[derive(Debug, Clone, Copy)]
struct Place {
    state: State,
    /// When it was over, in milliseconds since 1970.
    over_at: Option<i64>,
}

impl Row {
    pub(super) fn new(record: &Record) -> Result<Self, serde_json::Error> {
        Ok(Self {
            guid: record.guid,
            json: serde_json::to_string(record)?,
            place: Place::of(record),
        })
    }
}

impl Place {
    fn of(record: &Record) -> Self {
        let over_at = match &record.progress {
            Progress::Finished { at, .. } => Some(at.as_millisecond()),
            _ => None,
        };
        Self {
            state: record.state(),
            over_at,
        }
    }
}

/// The tables in a transaction that writes.
pub(super) struct Tables<'t> {
    pub(super) runs: Table<'t, u128, &'static str>,
    pub(super) files: Table<'t, &'static str, u128>,
    pub(super) alive: Table<'t, u128, &'static str>,
    pub(super) over: Table<'t, (i64, u128), &'static str>,
    totals: Table<'t, &'static str, u64>,
    aside: Table<'t, u128, &'static str>,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, redb::Error> {
        Ok(Self {
            runs: transaction.open_table(RUNS)?,
            files: transaction.open_table(FILES)?,
            alive: transaction.open_table(ALIVE)?,
            over: transaction.open_table(OVER)?,
            totals: transaction.open_table(TOTALS)?,
            aside: transaction.open_table(ASIDE)?,
        })
    }

    /// Does some work in a transaction of its own.
    pub(super) fn write<T>(
        database: &Database,
        work: impl FnOnce(&mut Tables<'_>) -> Result<T, redb::Error>,
    ) -> Result<T, redb::Error> {
        let transaction = database.begin_write()?;
        let done = work(&mut Tables::open(&transaction)?)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Writes a run over what there is of it.
    pub(super) fn put(&mut self, row: &Row) -> Result<(), redb::Error> {
        let guid = row.guid.as_u128();
        let earlier = self.runs.insert(guid, row.json.as_str())?;
        let earlier = earlier.map(|json| json.value().to_owned());
        if let Some(json) = earlier {
            self.leave_place(guid, &json)?;
        }
        self.take_place(guid, row.place)
    }

    /// Takes a run out of the indices.
    fn leave_place(&mut self, guid: u128, json: &str) -> Result<(), redb::Error> {
        let alive = self
            .alive
            .remove(guid)?
            .map(|state| state.value().to_owned());
        if let Some(state) = alive {
            return self.add(&state, -1);
        }
        // It was over. A record that can't be understood never leaves its place by itself.
        let Ok(record) = serde_json::from_str(json) else {
            return Ok(());
        };
        match Place::of(&record).over_at {
            Some(at) => self.remove_over(at, guid),
            None => Ok(()),
        }
    }

    fn take_place(&mut self, guid: u128, place: Place) -> Result<(), redb::Error> {
        let state = place.state.word();
        match place.over_at {
            Some(at) => self.over.insert((at, guid), state)?,
            None => self.alive.insert(guid, state)?,
        };
        self.add(state, 1)
    }

    /// Takes a run that is over out of the index and the sums.
    pub(super) fn remove_over(&mut self, at: i64, guid: u128) -> Result<(), redb::Error> {
        let state = self
            .over
            .remove((at, guid))?
            .map(|state| state.value().to_owned());
        state.map_or(Ok(()), |state| self.add(&state, -1))
    }

    fn add(&mut self, state: &str, change: i64) -> Result<(), redb::Error> {
        let number = self.totals.get(state)?.map_or(0, |number| number.value());
        match number.saturating_add_signed(change) {
            0 => self.totals.remove(state)?,
            number => self.totals.insert(state, number)?,
        };
        Ok(())
    }

    pub(super) fn put_file(&mut self, file: &str, guid: Uuid) -> Result<(), redb::Error> {
        self.files.insert(file, guid.as_u128())?;
        Ok(())
    }

    /// Puts a record that can't be understood aside: it is neither used nor deleted.
    pub(super) fn put_aside(&mut self, guid: u128) -> Result<(), redb::Error> {
        if let Some(json) = self.runs.remove(guid)? {
            self.aside.insert(guid, json.value())?;
        }
        let alive = self
            .alive
            .remove(guid)?
            .map(|state| state.value().to_owned());
        alive.map_or(Ok(()), |state| self.add(&state, -1))
    }

    /// Adds this job type to all records, which had none. A record that can't be understood stays as it is.
    pub(super) fn add_job_type(&mut self, job_type: &str) -> Result<(), redb::Error> {
        let guids = self.runs.iter()?.map(|run| Ok(run?.0.value()));
        let guids: Vec<u128> = guids.collect::<Result<_, redb::Error>>()?;
        for guid in guids {
            let json = self.runs.get(guid)?;
            let json = json.and_then(|json| with_job_type(json.value(), job_type));
            if let Some(json) = json {
                self.runs.insert(guid, json.as_str())?;
            }
        }
        Ok(())
    }

    /// Builds the indices of a ledger that has none. Returns what can't be understood, by GUID.
    pub(super) fn index(&mut self) -> Result<Vec<u128>, redb::Error> {
        let (mut places, mut unreadable) = (Vec::new(), Vec::new());
        for run in self.runs.iter()? {
            let (guid, json) = run?;
            match serde_json::from_str(json.value()) {
                Ok(record) => places.push((guid.value(), Place::of(&record))),
                Err(_) => unreadable.push(guid.value()),
            }
        }
        for (guid, place) in places {
            self.take_place(guid, place)?;
        }
        Ok(unreadable)
    }

    pub(super) fn totals(&self) -> Result<BTreeMap<State, u64>, redb::Error> {
        let mut totals = BTreeMap::new();
        for total in self.totals.iter()? {
            let (state, number) = total?;
            // A state of a newer tool would have another format.
            if let Some(state) = State::from_word(state.value()) {
                totals.insert(state, number.value());
            }
        }
        Ok(totals)
    }

    pub(super) fn file_runs(&self) -> Result<HashMap<String, Uuid>, redb::Error> {
        let mut files = HashMap::new();
        for file in self.files.iter()? {
            let (name, guid) = file?;
            files.insert(name.value().to_owned(), Uuid::from_u128(guid.value()));
        }
        Ok(files)
    }
}

/// A record that had no job type, with this one; none if it can't be understood.
fn with_job_type(json: &str, job_type: &str) -> Option<String> {
    let mut record: serde_json::Map<_, _> = serde_json::from_str(json).ok()?;
    record.insert("jobType".to_owned(), job_type.into());
    let json = serde_json::Value::Object(record).to_string();
    serde_json::from_str::<Record>(&json).ok().map(|_| json)
}

/// A run, if there is one that can be understood.
pub(super) fn read_run(database: &Database, guid: Uuid) -> Result<Option<Record>, redb::Error> {
    use redb::ReadableDatabase;
    let runs = database.begin_read()?.open_table(RUNS)?;
    let json = runs.get(guid.as_u128())?;
    Ok(json.and_then(|json| serde_json::from_str(json.value()).ok()))
}
