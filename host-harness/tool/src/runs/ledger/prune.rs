//! Removes the runs that have been over for long, so that a ledger doesn't grow for ever.

use std::collections::BTreeMap;

use jiff::Timestamp;
use redb::{Database, ReadableTable};
use uuid::Uuid;

use super::tables::Tables;
use crate::runs::record::Record;
use crate::runs::state::State;

/// The most runs that one transaction looks at, so that writes don't wait for long.
const MOST: usize = 10_000;

/// What was removed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pruned {
    /// The number of runs, by their state.
    pub(crate) runs: BTreeMap<State, u64>,
    /// The job files that they came from.
    pub(crate) files: Vec<String>,
    /// Records that can't be understood, and were put aside.
    pub(crate) unreadable: Vec<Uuid>,
}

/// A run that has been over for long enough.
struct Candidate {
    over_at: i64,
    guid: u128,
    state: Option<State>,
}

pub(super) fn prune(
    database: &Database,
    before: Timestamp,
    is_needed: impl Fn(&str) -> bool,
) -> Result<Pruned, redb::Error> {
    Tables::write(database, |tables| {
        let mut pruned = Pruned::default();
        for candidate in candidates(tables, before)? {
            tables.prune(&candidate, &is_needed, &mut pruned)?;
        }
        Ok(pruned)
    })
}

fn candidates(tables: &Tables<'_>, before: Timestamp) -> Result<Vec<Candidate>, redb::Error> {
    let end = (before.as_millisecond(), 0);
    let over = tables.over.range(..end)?.take(MOST);
    over.map(|entry| {
        let (key, state) = entry?;
        let (over_at, guid) = key.value();
        let state = State::from_word(state.value());
        Ok(Candidate {
            over_at,
            guid,
            state,
        })
    })
    .collect()
}

impl Tables<'_> {
    fn prune(
        &mut self,
        candidate: &Candidate,
        is_needed: &impl Fn(&str) -> bool,
        pruned: &mut Pruned,
    ) -> Result<(), redb::Error> {
        let Candidate {
            over_at,
            guid,
            state,
        } = *candidate;
        let record = self.runs.get(guid)?;
        let record = record.map(|json| serde_json::from_str::<Record>(json.value()));
        let origin = match record {
            Some(Ok(record)) => record.origin,
            Some(Err(_)) => {
                self.put_aside(guid)?;
                pruned.unreadable.push(Uuid::from_u128(guid));
                return self.remove_over(over_at, guid);
            }
            None => return self.remove_over(over_at, guid),
        };
        let of_this_run = self.files.get(origin.as_str())?;
        let is_file = of_this_run.is_some_and(|run| run.value() == guid);
        if is_file && is_needed(&origin) {
            return Ok(());
        }
        self.runs.remove(guid)?;
        self.remove_over(over_at, guid)?;
        if is_file {
            self.files.remove(origin.as_str())?;
            pruned.files.push(origin);
        }
        if let Some(state) = state {
            *pruned.runs.entry(state).or_default() += 1;
        }
        Ok(())
    }
}
