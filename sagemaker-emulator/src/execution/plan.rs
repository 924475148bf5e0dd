//! The plan of an execution: the steps of its definition, flattened and with resolved values.

use std::collections::{HashMap, HashSet};

use super::action::Action;
use crate::definition::expression::Values;
use crate::definition::{Definition, Step, StepType};

/// The steps of an execution, in the order of the definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<PlannedStep>,
}

/// A step with all that decides its course.
#[derive(Clone, Debug)]
pub(crate) struct PlannedStep {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    /// The positions of the steps that have to succeed first.
    pub(crate) depends_on: Vec<usize>,
    pub(crate) branch: Option<Branch>,
    pub(crate) action: Action,
    /// False if a selective execution leaves the step out.
    pub(crate) selected: bool,
}

/// The branch of a Condition step that a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) condition: usize,
    pub(crate) outcome: bool,
}

/// Why a definition can't be executed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    #[error("step names must be unique, but '{0}' is used more than once")]
    DuplicateStep(String),
    #[error("step '{step}' refers to a step '{unknown}' that is not in the definition")]
    UnknownStep { step: String, unknown: String },
    #[error("the steps wait for each other in a circle: {0}")]
    Circle(String),
}

impl Plan {
    /// Plans the steps of a definition; `values` decide its conditions.
    pub(crate) fn new(definition: &Definition, values: &Values) -> Result<Self, PlanError> {
        let mut builder = Builder {
            values,
            steps: Vec::new(),
            dependencies: Vec::new(),
        };
        builder.add_all(&definition.steps, None);
        builder.finish()
    }

    /// Leaves out all steps except those with these names. `Err` is a name that no step has.
    pub(crate) fn select(&mut self, names: &[String]) -> Result<(), String> {
        let known: HashSet<&str> = self.steps.iter().map(|step| step.name.as_str()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(name.as_str())) {
            return Err(unknown.clone());
        }
        for step in &mut self.steps {
            step.selected = names.contains(&step.name);
        }
        Ok(())
    }

    /// Whether a step is outside of any branch, or in the branch that its condition takes.
    pub(crate) fn on_taken_branch(&self, step: &PlannedStep) -> bool {
        match step.branch {
            None => true,
            Some(branch) => self.steps.get(branch.condition).is_some_and(|condition| {
                condition.action
                    == Action::Condition {
                        outcome: branch.outcome,
                    }
            }),
        }
    }
}

struct Builder<'a> {
    values: &'a Values,
    steps: Vec<PlannedStep>,
    /// For each step, the names of the steps that it depends on.
    dependencies: Vec<Vec<String>>,
}

impl Builder<'_> {
    fn add_all(&mut self, steps: &[Step], branch: Option<Branch>) {
        for step in steps {
            self.add(step, branch);
        }
    }

    fn add(&mut self, step: &Step, branch: Option<Branch>) {
        let fields = &step.fields;
        let position = self.steps.len();
        let dependencies = fields.depends_on.iter().flatten().chain(&step.references);
        self.dependencies.push(dependencies.cloned().collect());
        self.steps.push(PlannedStep {
            name: fields.name.clone(),
            display_name: fields.display_name.clone(),
            description: fields.description.clone(),
            depends_on: branch.iter().map(|branch| branch.condition).collect(),
            branch,
            action: Action::new(&fields.step_type, self.values),
            selected: true,
        });
        if let StepType::Condition { arguments } = &fields.step_type {
            let branch = |outcome| {
                Some(Branch {
                    condition: position,
                    outcome,
                })
            };
            self.add_all(&arguments.if_steps, branch(true));
            self.add_all(&arguments.else_steps, branch(false));
        }
    }

    fn finish(mut self) -> Result<Plan, PlanError> {
        let mut positions = HashMap::new();
        for (position, step) in self.steps.iter().enumerate() {
            if positions.insert(step.name.clone(), position).is_some() {
                return Err(PlanError::DuplicateStep(step.name.clone()));
            }
        }
        for (step, names) in self.steps.iter_mut().zip(&self.dependencies) {
            for name in names {
                let position = positions.get(name).ok_or_else(|| PlanError::UnknownStep {
                    step: step.name.clone(),
                    unknown: name.clone(),
                })?;
                step.depends_on.push(*position);
            }
        }
        match find_circle(&self.steps) {
            Some(names) => Err(PlanError::Circle(names)),
            None => Ok(Plan { steps: self.steps }),
        }
    }
}

/// The names of the steps that can never start, because each depends on another of them.
///
/// `petgraph` was considered: it would be a large dependency for one loop.
fn find_circle(steps: &[PlannedStep]) -> Option<String> {
    let mut free = HashSet::new();
    loop {
        let previous_count = free.len();
        for (position, step) in steps.iter().enumerate() {
            if step
                .depends_on
                .iter()
                .all(|position| free.contains(position))
            {
                free.insert(position);
            }
        }
        if free.len() == previous_count {
            break;
        }
    }
    let stuck: Vec<&str> = steps
        .iter()
        .enumerate()
        .filter(|(position, _)| !free.contains(position))
        .map(|(_, step)| step.name.as_str())
        .collect();
    (!stuck.is_empty()).then(|| stuck.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(steps: &str) -> Result<Plan, PlanError> {
        let definition = Definition::parse(&format!(r#"{{"Steps":{steps}}}"#)).unwrap();
        Plan::new(&definition, &Values::default())
    }

    #[test]
    fn a_circle_of_dependencies_is_refused() {
        let error = plan(
            r#"[{"Name":"A","Type":"Training","DependsOn":["B"]},
                {"Name":"B","Type":"Training","Arguments":{"x":{"Get":"Steps.A.y"}}}]"#,
        );
        assert_eq!(error.unwrap_err(), PlanError::Circle("A, B".to_owned()));
    }

    #[test]
    fn a_dependency_on_an_unknown_step_is_refused() {
        let error = plan(r#"[{"Name":"A","Type":"Training","DependsOn":["X"]}]"#).unwrap_err();
        assert!(error.to_string().contains("'X'"));
    }

    #[test]
    fn two_steps_with_the_same_name_are_refused() {
        let error = plan(r#"[{"Name":"A","Type":"Training"},{"Name":"A","Type":"Model"}]"#);
        assert_eq!(error.unwrap_err(), PlanError::DuplicateStep("A".to_owned()));
    }

    #[test]
    fn an_unknown_step_cannot_be_selected() {
        let mut plan = plan(r#"[{"Name":"A","Type":"Training"}]"#).unwrap();
        assert_eq!(plan.select(&["B".to_owned()]), Err("B".to_owned()));
    }
}
