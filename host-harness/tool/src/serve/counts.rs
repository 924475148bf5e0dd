//! How many runs are in which state, and what else happened so far.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use polysync_host::{GenerationUse, PluginIdentity};
use serde::Serialize;
use uuid::Uuid;

use super::record::{Ending, Record};
use super::told::Told;
use crate::exit::Exit;
use crate::json::plugin::PluginView;

/// The numbers at one moment.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Of each run, the last known.
    states: HashMap<Uuid, &'static str>,
    /// Of the runs that ended since serving began.
    endings: BTreeMap<Ending, usize>,
    pub(crate) swaps: usize,
    pub(crate) errors: usize,
}

/// What is shown of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// By state.
    pub(crate) runs: BTreeMap<&'static str, usize>,
    pub(crate) plugin: PluginView,
    /// Under way on the plugin that serves.
    pub(crate) calls: usize,
    /// Generations that were swapped out and still have calls under way.
    pub(crate) draining: Vec<Draining>,
    pub(crate) swaps: usize,
    pub(crate) errors: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Draining {
    pub(crate) generation: u64,
    pub(crate) calls: usize,
}

impl Counts {
    /// What the ledger held.
    pub(crate) fn held(&mut self, record: &Record) {
        self.states.insert(record.guid, record.state());
    }

    pub(crate) fn count(&mut self, told: &Told) {
        match told {
            Told::Accepted(record)
            | Told::Started(record)
            | Told::Changed(record)
            | Told::CancelWanted(record)
            | Told::Cancelling(record, _) => self.held(record),
            Told::Over(record) => {
                self.held(record);
                if let Some(ending) = record.ending() {
                    *self.endings.entry(ending).or_default() += 1;
                }
            }
            Told::Swapped { .. } => self.swaps += 1,
            Told::Trouble { record, .. } => {
                self.held(record);
                self.errors += 1;
            }
            Told::NotTaken(_)
            | Told::SwapRefused { .. }
            | Told::RollbackRefused(_)
            | Told::LedgerFailed(_) => self.errors += 1,
            Told::Unchanged(_) | Told::Drained(_) => {}
        }
    }

    pub(crate) fn summary(
        &self,
        generations: &[GenerationUse],
        serving: &Arc<PluginIdentity>,
    ) -> Summary {
        let mut runs = BTreeMap::new();
        for state in self.states.values() {
            *runs.entry(*state).or_default() += 1;
        }
        let is_serving = |g: &&GenerationUse| g.identity.generation == serving.generation;
        Summary {
            runs,
            plugin: (&**serving).into(),
            calls: generations.iter().filter(is_serving).map(|g| g.calls).sum(),
            draining: generations
                .iter()
                .filter(|g| !is_serving(g))
                .map(|g| Draining {
                    generation: g.identity.generation,
                    calls: g.calls,
                })
                .collect(),
            swaps: self.swaps,
            errors: self.errors,
        }
    }

    /// For the runs that ended since serving began: the worst of them decides.
    pub(crate) fn exit(&self) -> Exit {
        let any = |endings: &[Ending]| endings.iter().any(|e| self.endings.contains_key(e));
        if any(&[Ending::Failed, Ending::Refused]) {
            Exit::Failed
        } else if any(&[Ending::Unknown]) {
            Exit::Unknown
        } else if any(&[Ending::Cancelled, Ending::Withdrawn]) {
            Exit::Cancelled
        } else {
            Exit::Success
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::record;
    use super::*;

    fn over(counts: &mut Counts, guid: u128, ending: Ending) {
        let mut run = record();
        run.guid = Uuid::from_u128(guid);
        run.over(ending, None);
        counts.count(&Told::Over(Box::new(run)));
    }

    #[test]
    fn the_worst_end_of_a_run_is_the_end_of_all() {
        let mut counts = Counts::default();
        assert_eq!(counts.exit(), Exit::Success);
        over(&mut counts, 1, Ending::Success);
        assert_eq!(counts.exit(), Exit::Success);
        over(&mut counts, 2, Ending::Withdrawn);
        assert_eq!(counts.exit(), Exit::Cancelled);
        over(&mut counts, 3, Ending::Unknown);
        assert_eq!(counts.exit(), Exit::Unknown);
        over(&mut counts, 4, Ending::Refused);
        assert_eq!(counts.exit(), Exit::Failed);
    }

    #[test]
    fn a_run_is_counted_once_in_its_last_state() {
        let mut counts = Counts::default();
        let run = record();
        counts.held(&run);
        counts.count(&Told::Accepted(Box::new(run.clone())));
        over(&mut counts, run.guid.as_u128(), Ending::Success);
        assert_eq!(counts.states.values().collect::<Vec<_>>(), [&"success"]);
    }
}
