//! What changed from one poll to the next, so that only that is told.

use std::collections::HashMap;

use polysync_host::contract::{RunState, RunStatus, Step};

/// What was told last.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    run: Option<(RunState, String)>,
    /// By name, and by the how-manieth of that name: names need not be unique.
    steps: HashMap<(String, usize), StepFacts>,
}

type StepFacts = (RunState, String, Option<u32>, Option<String>);

impl Changes {
    /// Whether the run is in another state than last time.
    pub(crate) fn run_changed(&mut self, status: &RunStatus) -> bool {
        let now = Some((status.state, status.platform_status.clone()));
        let changed = self.run != now;
        self.run = now;
        changed
    }

    /// The steps that are new, or not as they were last time.
    pub(crate) fn changed_steps<'a>(&mut self, steps: &'a [Step]) -> Vec<&'a Step> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut changed = Vec::new();
        for step in steps {
            let nth = seen.entry(&step.name).or_default();
            let facts = (
                step.state,
                step.platform_status.clone(),
                step.attempts,
                step.reason.clone(),
            );
            let before = self.steps.insert((step.name.clone(), *nth), facts.clone());
            *nth += 1;
            if before != Some(facts) {
                changed.push(step);
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_state_is_told_once() {
        let mut changes = Changes::default();
        let mut status = samples::failed_status();

        assert!(changes.run_changed(&status));
        assert!(!changes.run_changed(&status));
        status.platform_status = "Stopping".into();
        assert!(changes.run_changed(&status));
    }

    #[test]
    fn only_steps_that_changed_are_told() {
        let mut changes = Changes::default();
        let mut steps = [samples::failed_step(), samples::waiting_step()];
        assert_eq!(changes.changed_steps(&steps).len(), 2);
        assert!(changes.changed_steps(&steps).is_empty());

        steps[1].state = RunState::Running;
        let changed: Vec<_> = changes
            .changed_steps(&steps)
            .iter()
            .map(|step| step.name.clone())
            .collect();
        assert_eq!(changed, ["Check"]);
    }

    #[test]
    fn two_steps_of_one_name_are_told_apart() {
        let mut changes = Changes::default();
        let steps = [
            samples::failed_step(),
            Step {
                state: RunState::Running,
                ..samples::failed_step()
            },
        ];

        assert_eq!(changes.changed_steps(&steps).len(), 2);
        assert!(changes.changed_steps(&steps).is_empty());
    }
}
