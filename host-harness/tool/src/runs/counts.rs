//! Counting what happens, for the [`Summary`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use polysync_host::{GenerationUse, PluginIdentity};
use uuid::Uuid;

use super::ending::Ending;
use super::event::{Event, RunEvent};
use super::record::Record;
use super::summary::{Draining, Summary};

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// The last known state of each run.
    states: HashMap<Uuid, &'static str>,
    /// How the runs ended that have finished since counting began.
    endings: BTreeMap<Ending, usize>,
    swaps: usize,
    errors: usize,
}

impl Counts {
    /// Counts a run that the ledger held from the beginning.
    pub(crate) fn resume(&mut self, record: &Record) {
        self.states.insert(record.guid, record.state());
    }

    pub(crate) fn count(&mut self, event: &Event) {
        if event.is_error() {
            self.errors += 1;
        }
        match event {
            Event::Run(record, event) => {
                self.resume(record);
                if let (RunEvent::Finished { .. }, Some(ending)) = (event, record.ending()) {
                    *self.endings.entry(ending).or_default() += 1;
                }
            }
            Event::Swapped { .. } => self.swaps += 1,
            _ => {}
        }
    }

    /// The numbers now. `generations` are those that have calls under way.
    pub(crate) fn summary(
        &self,
        generations: &[GenerationUse],
        serving: Arc<PluginIdentity>,
    ) -> Summary {
        let mut runs = BTreeMap::new();
        for state in self.states.values() {
            *runs.entry(*state).or_default() += 1;
        }
        let (current, draining): (Vec<_>, Vec<_>) = generations
            .iter()
            .partition(|g| g.identity.generation == serving.generation);
        Summary {
            runs,
            plugin: serving,
            calls: current.iter().map(|g| g.calls).sum(),
            draining: draining
                .iter()
                .map(|g| Draining {
                    generation: g.identity.generation,
                    calls: g.calls,
                })
                .collect(),
            swaps: self.swaps,
            errors: self.errors,
        }
    }

    /// How the runs ended that have finished since counting began, each ending once.
    pub(crate) fn endings(&self) -> impl Iterator<Item = Ending> {
        self.endings.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn finished(ending: Ending) -> Event {
        let mut record = samples::record();
        record.finish(ending, None);
        let finished = RunEvent::Finished {
            status: None,
            steps: Vec::new(),
            monitor_url: None,
        };
        Event::Run(Box::new(record), finished)
    }

    #[test]
    fn a_run_is_counted_once_in_its_last_state() {
        let mut counts = Counts::default();
        let record = Box::new(samples::record());
        counts.resume(&record);
        counts.count(&Event::Run(record, RunEvent::Accepted));
        counts.count(&finished(Ending::Success));

        let summary = counts.summary(&[], Arc::new(samples::plugin()));
        assert_eq!(summary.runs, [("success", 1)].into());
        assert_eq!(counts.endings().collect::<Vec<_>>(), [Ending::Success]);
    }

    #[test]
    fn a_run_that_had_finished_earlier_has_no_ending_now() {
        let mut counts = Counts::default();
        let mut record = samples::record();
        record.finish(Ending::Failed, None);
        counts.resume(&record);
        assert_eq!(counts.endings().count(), 0);
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
        let summary = counts.summary(&[], plugin);
        assert_eq!((summary.swaps, summary.errors), (1, 1));
    }
}
