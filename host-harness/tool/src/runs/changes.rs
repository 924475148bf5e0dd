//! What changed from one poll to the next, so that only that is reported.

use std::collections::HashMap;

use polysync_host::contract::{RunState, RunStatus, Step};

use crate::non_blank::non_blank;

/// What was reported last.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// None before the first status.
    platform_status: Option<String>,
    /// None before the first poll.
    state: Option<RunState>,
    /// By name and number: the second of two steps of one name has the number 1.
    steps: HashMap<(String, usize), StepFacts>,
}

/// State, the platform's word for it, attempts and reason.
type StepFacts = (RunState, String, Option<u32>, Option<String>);

impl Changes {
    /// For a run whose status was reported before a restart; empty if none was.
    pub(crate) fn since(platform_status: &str) -> Self {
        Self {
            platform_status: non_blank(Some(platform_status)).map(str::to_owned),
            ..Self::default()
        }
    }

    /// Whether the run is in another state than last time.
    pub(crate) fn run_changed(&mut self, status: &RunStatus) -> bool {
        let platform_status = self.platform_status.replace(status.platform_status.clone());
        let state = self.state.replace(status.state);
        platform_status.as_ref() != Some(&status.platform_status)
            || state.is_some_and(|state| state != status.state)
    }

    /// The indices of the steps that are new or have changed.
    pub(crate) fn changed_steps(&mut self, steps: &[Step]) -> Vec<usize> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut changed = Vec::new();
        // Steps that aren't in the list any more are forgotten.
        let mut earlier = std::mem::take(&mut self.steps);
        for (index, step) in steps.iter().enumerate() {
            let number = seen.entry(&step.name).or_default();
            let facts = (
                step.state,
                step.platform_status.clone(),
                step.attempts,
                step.reason.clone(),
            );
            let key = (step.name.clone(), *number);
            *number += 1;
            if earlier.remove(&key).as_ref() != Some(&facts) {
                changed.push(index);
            }
            self.steps.insert(key, facts);
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_state_is_new_once() {
        let mut changes = Changes::default();
        let mut status = samples::failed_status();

        assert!(changes.run_changed(&status));
        assert!(!changes.run_changed(&status));
        status.platform_status = "Stopping".into();
        assert!(changes.run_changed(&status));
    }

    #[test]
    fn a_state_that_was_reported_before_a_restart_is_not_new() {
        let status = samples::failed_status();
        assert!(!Changes::since("Failed").run_changed(&status));
        assert!(Changes::since("Executing").run_changed(&status));
        assert!(Changes::since("").run_changed(&status));
    }

    #[test]
    fn only_steps_that_changed_are_new() {
        let mut changes = Changes::default();
        let mut steps = [samples::failed_step(), samples::waiting_step()];
        assert_eq!(changes.changed_steps(&steps), [0, 1]);
        assert!(changes.changed_steps(&steps).is_empty());

        steps[1].state = RunState::Running;
        assert_eq!(changes.changed_steps(&steps), [1]);
    }

    #[test]
    fn steps_that_get_other_names_take_no_more_memory() {
        let mut changes = Changes::default();
        for number in 0..100 {
            let step = Step {
                name: format!("step-{number}"),
                ..samples::waiting_step()
            };
            assert_eq!(changes.changed_steps(&[step]), [0]);
        }
        assert_eq!(changes.steps.len(), 1);
    }

    #[test]
    fn two_steps_of_one_name_are_two_steps() {
        let mut changes = Changes::default();
        let steps = [
            samples::failed_step(),
            Step {
                state: RunState::Running,
                ..samples::failed_step()
            },
        ];

        assert_eq!(changes.changed_steps(&steps), [0, 1]);
        assert!(changes.changed_steps(&steps).is_empty());
    }
}
