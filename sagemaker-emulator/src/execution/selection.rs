//! Selective execution: which steps of a plan run, which are reused, and which are left out.

use std::collections::HashSet;

use super::plan::{Plan, PlannedStep, Selection};

/// Why steps can't be selected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SelectionError {
    #[error("Selected step '{0}' is not in the pipeline.")]
    UnknownStep(String),
    #[error(
        "The selected steps are not connected: '{0}' is on a path between two of them and is not \
         selected."
    )]
    Gap(String),
}

impl Plan {
    /// Selects the steps with these names. The steps that they need and that are not selected are
    /// reused, and all others are left out.
    pub(crate) fn select(&mut self, names: &[String]) -> Result<(), SelectionError> {
        let selected = self.positions_of(names)?;
        let needed = self.reach(&selected, |step| step.depends_on.clone());
        let dependents = |position| {
            let steps = self.steps.iter().enumerate();
            steps
                .filter(|(_, step)| step.depends_on.contains(&position))
                .map(|(dependent, _)| dependent)
                .collect()
        };
        let dependent = reach(&selected, dependents);
        let gap = needed
            .iter()
            .find(|position| dependent.contains(position) && !selected.contains(position));
        if let Some(step) = gap.and_then(|position| self.steps.get(*position)) {
            return Err(SelectionError::Gap(step.name.clone()));
        }
        for (position, step) in self.steps.iter_mut().enumerate() {
            // An iteration goes with its ForEach step.
            let position = step.iteration.as_ref().map_or(position, |one| one.parent);
            step.selection = match (selected.contains(&position), needed.contains(&position)) {
                (true, _) => Selection::Run,
                (false, true) => Selection::Reuse,
                (false, false) => Selection::LeaveOut,
            };
        }
        Ok(())
    }

    /// The names of the steps that are reused.
    pub(crate) fn reused_steps(&self) -> Vec<&str> {
        self.steps
            .iter()
            .filter(|step| step.selection == Selection::Reuse)
            .map(|step| step.name.as_str())
            .collect()
    }

    fn positions_of(&self, names: &[String]) -> Result<HashSet<usize>, SelectionError> {
        names
            .iter()
            .map(|name| {
                let in_definition =
                    |step: &PlannedStep| step.name == *name && step.iteration.is_none();
                let position = self.steps.iter().position(in_definition);
                position.ok_or_else(|| SelectionError::UnknownStep(name.clone()))
            })
            .collect()
    }

    fn reach(
        &self,
        from: &HashSet<usize>,
        next: impl Fn(&PlannedStep) -> Vec<usize>,
    ) -> HashSet<usize> {
        reach(from, |position| {
            self.steps.get(position).map(&next).unwrap_or_default()
        })
    }
}

/// Everything that can be reached, without the starting points unless they are reached too.
fn reach(from: &HashSet<usize>, next: impl Fn(usize) -> Vec<usize>) -> HashSet<usize> {
    let mut reached = HashSet::new();
    let mut open: Vec<usize> = from.iter().copied().collect();
    while let Some(position) = open.pop() {
        for position in next(position) {
            if reached.insert(position) {
                open.push(position);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Definition;
    use crate::definition::expression::Values;

    /// A → B → C → D, and E on its own.
    const STEPS: &str = r#"{"Steps": [
        {"Name": "A", "Type": "Processing"},
        {"Name": "B", "Type": "Training", "DependsOn": ["A"]},
        {"Name": "C", "Type": "Model", "DependsOn": ["B"]},
        {"Name": "D", "Type": "Transform", "DependsOn": ["C"]},
        {"Name": "E", "Type": "Processing"}
    ]}"#;

    fn select(names: &[&str]) -> Result<String, SelectionError> {
        let definition = Definition::parse(STEPS).unwrap();
        let mut plan = Plan::new(&definition, &Values::default()).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        plan.select(&names)?;
        let selections = plan.steps.iter().map(|step| match step.selection {
            Selection::Run => '+',
            Selection::Reuse => '=',
            Selection::LeaveOut => '-',
        });
        Ok(selections.collect())
    }

    #[test]
    fn the_steps_before_are_reused_and_all_others_are_left_out() {
        assert_eq!(select(&["B", "C"]).unwrap(), "=++--");
        assert_eq!(select(&["A"]).unwrap(), "+----");
        assert_eq!(select(&["D", "E"]).unwrap(), "===++");
    }

    #[test]
    fn a_step_that_is_not_selected_between_two_that_are_is_a_gap() {
        assert_eq!(
            select(&["A", "C"]),
            Err(SelectionError::Gap("B".to_owned()))
        );
    }

    #[test]
    fn a_step_that_does_not_exist_can_not_be_selected() {
        let error = SelectionError::UnknownStep("X".to_owned());
        assert_eq!(select(&["A", "X"]), Err(error));
    }
}
