//! Removes the runs that have been over for long, so that a ledger doesn't grow for ever.

use std::collections::BTreeMap;

use jiff::Timestamp;
use redb::{Database, ReadableTable};
use uuid::Uuid;

use super::tables::Tables;
use crate::runs::record::Record;
use crate::runs::state::State;

/// The most runs that one transaction removes, so that writes don't wait for long.
const MOST: usize = 1_000;

/// What was removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pruned {
    /// The number of runs, by their state.
    pub(crate) runs: BTreeMap<State, u64>,
    /// The job files that they came from.
    pub(crate) files: Vec<String>,
    /// Records that can't be understood, and were put aside.
    pub(crate) unreadable: Vec<Uuid>,
    pub(crate) may_be_more: bool,
}

/// A run to remove.
struct Old {
    over_at: i64,
    guid: u128,
    state: Option<State>,
    what: What,
}

enum What {
    /// From this job file, if it was from one.
    Run(Option<String>),
    /// Its record can't be understood.
    Unreadable,
}

pub(super) fn prune(
    database: &Database,
    before: Timestamp,
    is_needed: impl Fn(&str) -> bool,
) -> Result<Pruned, redb::Error> {
    Tables::write(database, |tables| {
        let old = tables.old(before, is_needed)?;
        let mut pruned = Pruned {
            may_be_more: old.len() == MOST,
            ..Pruned::default()
        };
        for old in old {
            tables.remove(old, &mut pruned)?;
        }
        Ok(pruned)
    })
}

impl Tables<'_> {
    /// The runs that were over before `before`, except those whose job file `is_needed`.
    fn old(
        &self,
        before: Timestamp,
        is_needed: impl Fn(&str) -> bool,
    ) -> Result<Vec<Old>, redb::Error> {
        let end = (before.as_millisecond(), 0);
        let mut found = Vec::new();
        for entry in self.over.range(..end)? {
            let (key, state) = entry?;
            let (over_at, guid) = key.value();
            let what = match self.origin(guid)? {
                Some((origin, true)) if is_needed(&origin) => continue,
                Some((origin, is_file)) => What::Run(is_file.then_some(origin)),
                None => What::Unreadable,
            };
            found.push(Old {
                over_at,
                guid,
                state: State::from_word(state.value()),
                what,
            });
            if found.len() == MOST {
                break;
            }
        }
        Ok(found)
    }

    /// Where the job of a run came from, and whether that is a file of which the run is the latest.
    fn origin(&self, guid: u128) -> Result<Option<(String, bool)>, redb::Error> {
        let Some(json) = self.runs.get(guid)? else {
            return Ok(None);
        };
        let Ok(record) = serde_json::from_str::<Record>(json.value()) else {
            return Ok(None);
        };
        let run = self.files.get(record.origin.as_str())?;
        let is_file = run.is_some_and(|run| run.value() == guid);
        Ok(Some((record.origin, is_file)))
    }

    fn remove(&mut self, old: Old, pruned: &mut Pruned) -> Result<(), redb::Error> {
        let Old {
            over_at,
            guid,
            state,
            what,
        } = old;
        self.remove_over(over_at, guid)?;
        match what {
            What::Unreadable => {
                self.put_aside(guid)?;
                pruned.unreadable.push(Uuid::from_u128(guid));
            }
            What::Run(file) => {
                self.runs.remove(guid)?;
                if let Some(file) = file {
                    self.files.remove(file.as_str())?;
                    pruned.files.push(file);
                }
            }
        }
        if let Some(state) = state {
            *pruned.runs.entry(state).or_default() += 1;
        }
        Ok(())
    }
}
