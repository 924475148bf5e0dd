//! Counting what happens, for the [`Summary`].
//!
//! The number of runs in each state is kept and not counted anew: a summary costs the same with a million
//! runs as with one. Only runs that are not over are known one by one.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::ending::Ending;
use super::event::{Event, RunEvent};
use super::record::Record;
use super::state::State;
use super::summary::{PluginUse, Summary};

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// The last known state of each run that is not over.
    alive: HashMap<Uuid, State>,
    /// How many runs are in each state.
    totals: BTreeMap<State, u64>,
    /// How the runs ended that have finished since counting began.
    endings: BTreeMap<Ending, u64>,
    swaps: usize,
    errors: usize,
}

impl Counts {
    /// Begins with the numbers of a ledger, and its runs that are not over.
    pub(crate) fn resume(totals: BTreeMap<State, u64>, alive: &[Record]) -> Self {
        let alive = alive.iter().map(|record| (record.guid, record.state()));
        Self {
            totals,
            alive: alive.collect(),
            ..Self::default()
        }
    }

    pub(crate) fn count(&mut self, event: &Event) {
        if event.is_error() {
            self.errors += 1;
        }
        match event {
            Event::Run(record, event) => {
                self.is_in(record.guid, record.state());
                if let (RunEvent::Finished { .. }, Some(ending)) = (event, record.ending()) {
                    *self.endings.entry(ending).or_default() += 1;
                }
            }
            Event::Swapped { .. } => self.swaps += 1,
            _ => {}
        }
    }

    /// A run is in this state now.
    fn is_in(&mut self, guid: Uuid, state: State) {
        let earlier = match state {
            State::Over(_) => self.alive.remove(&guid),
            _ => self.alive.insert(guid, state),
        };
        if let Some(earlier) = earlier {
            decrement(&mut self.totals, earlier, 1);
        }
        *self.totals.entry(state).or_default() += 1;
    }

    /// A run that was over isn't any more.
    pub(crate) fn reopen(&mut self, guid: Uuid, ending: Ending) {
        self.alive.insert(guid, State::Over(ending));
        decrement(&mut self.endings, ending, 1);
    }

    /// Runs that were over aren't in the ledger any more.
    pub(crate) fn forget(&mut self, runs: &BTreeMap<State, u64>) {
        for (state, number) in runs {
            decrement(&mut self.totals, *state, *number);
        }
    }

    /// The numbers now, with what the plugins are doing.
    pub(crate) fn summary(&self, plugins: Vec<PluginUse>) -> Summary {
        let totals = self.totals.iter();
        Summary {
            runs: totals
                .map(|(state, number)| (state.word(), *number))
                .collect(),
            plugins,
            swaps: self.swaps,
            errors: self.errors,
        }
    }

    /// How the runs ended that have finished since counting began, each ending once.
    pub(crate) fn endings(&self) -> impl Iterator<Item = Ending> {
        self.endings.keys().copied()
    }
}

fn decrement<K: Ord>(numbers: &mut BTreeMap<K, u64>, key: K, by: u64) {
    if let Some(number) = numbers.get_mut(&key) {
        *number = number.saturating_sub(by);
        if *number == 0 {
            numbers.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::samples;

    fn finished(ending: Ending) -> Event {
        let mut record = samples::record();
        record.finish(ending, None);
        let finished = RunEvent::Finished {
            status: None,
            steps: Vec::new(),
            logs: Vec::new(),
            monitor_url: None,
        };
        Event::Run(Box::new(record), finished)
    }

    #[test]
    fn a_run_is_counted_once_in_its_last_state() {
        let record = Box::new(samples::record());
        let totals = [(State::Accepted, 1)].into();
        let mut counts = Counts::resume(totals, &[(*record).clone()]);
        counts.count(&Event::Run(record, RunEvent::Accepted));
        counts.count(&finished(Ending::Success));

        let summary = counts.summary(Vec::new());
        assert_eq!(summary.runs, [("success", 1)].into());
        assert_eq!(counts.endings().collect::<Vec<_>>(), [Ending::Success]);
    }

    #[test]
    fn a_run_that_had_finished_earlier_is_counted_and_has_no_ending_now() {
        let counts = Counts::resume([(State::Over(Ending::Failed), 1)].into(), &[]);
        assert_eq!(counts.endings().count(), 0);
        let summary = counts.summary(Vec::new());
        assert_eq!(summary.runs, [("failed", 1)].into());
    }

    #[test]
    fn a_retried_run_counts_only_as_it_ends_in_the_end() {
        let mut counts = Counts::default();
        counts.count(&finished(Ending::Failed));
        let guid = samples::record().guid;
        counts.reopen(guid, Ending::Failed);
        counts.count(&finished(Ending::Success));
        let summary = counts.summary(Vec::new());
        assert_eq!(summary.runs, [("success", 1)].into());
        assert_eq!(counts.endings().collect::<Vec<_>>(), [Ending::Success]);
    }

    #[test]
    fn only_runs_that_are_not_over_are_known_one_by_one() {
        let mut counts = Counts::default();
        let over = State::Over(Ending::Success);
        for number in 0..1_000 {
            counts.is_in(Uuid::from_u128(number), State::Running);
            counts.is_in(Uuid::from_u128(number), over);
        }
        assert!(counts.alive.is_empty());
        assert_eq!(counts.totals, [(over, 1_000)].into());
        counts.forget(&[(over, 999)].into());
        assert_eq!(counts.totals, [(over, 1)].into());
    }

    #[test]
    fn swaps_and_errors_are_counted() {
        let mut counts = Counts::default();
        let plugin = Arc::new(samples::plugin());
        counts.count(&Event::NotTaken("no".into()));
        counts.count(&Event::Swapped {
            from: Arc::clone(&plugin),
            to: Arc::clone(&plugin),
            missing: Default::default(),
        });
        let summary = counts.summary(Vec::new());
        assert_eq!((summary.swaps, summary.errors), (1, 1));
    }
}
