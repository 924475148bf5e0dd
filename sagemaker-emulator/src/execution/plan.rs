//! The plan of an execution: the steps of its definition, flattened and with resolved values.

use std::collections::{HashMap, HashSet};

use super::action::Action;
use super::items::{items, text, with_current_item};
use crate::definition::expression::{Scalar, Values};
use crate::definition::{Definition, ForEachArguments, Step, StepType};

/// Jobs on more instances have the log streams of so many.
const MOST_INSTANCES: u32 = 100;

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
    /// The instances that the step's job runs on.
    pub(crate) instances: u32,
    /// Set for the steps that a ForEach step makes, one for each of its items.
    pub(crate) iteration: Option<Iteration>,
    pub(crate) selection: Selection,
}

/// What an execution does with a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Selection {
    #[default]
    Run,
    /// Takes the result of the source execution, because a step that runs needs it.
    Reuse,
    LeaveOut,
}

/// An iteration of a ForEach step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Iteration {
    /// The position of the ForEach step.
    pub(crate) parent: usize,
    pub(crate) index: usize,
    /// As JSON, unless it is a string.
    pub(crate) item: String,
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

    /// The positions of a ForEach step's iterations.
    pub(crate) fn iterations(&self, parent: usize) -> impl Iterator<Item = usize> {
        let steps = self.steps.iter().enumerate();
        steps
            .filter(move |(_, step)| {
                let iteration = step.iteration.as_ref();
                iteration.is_some_and(|iteration| iteration.parent == parent)
            })
            .map(|(position, _)| position)
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
            instances: instances(step, self.values),
            iteration: None,
            selection: Selection::default(),
        });
        if let StepType::ForEach { arguments } = &fields.step_type {
            self.add_iterations(position, arguments);
        }
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

    /// Adds the body's step once for each item: `BODY-0`, `BODY-1`, and so on.
    fn add_iterations(&mut self, parent: usize, arguments: &ForEachArguments) {
        let items = items(&arguments.iterable_items, self.values).unwrap_or_default();
        for (index, item) in items.iter().enumerate() {
            let values = with_current_item(self.values, item);
            for body in &arguments.for_each_body {
                self.dependencies.push(Vec::new());
                self.steps.push(PlannedStep {
                    name: format!("{}-{index}", body.fields.name),
                    display_name: body.fields.display_name.clone(),
                    description: body.fields.description.clone(),
                    depends_on: Vec::new(),
                    branch: None,
                    action: Action::new(&body.fields.step_type, &values),
                    instances: instances(body, &values),
                    iteration: Some(Iteration {
                        parent,
                        index,
                        item: text(item),
                    }),
                    selection: Selection::default(),
                });
            }
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

/// The instances that a step's job runs on: one, unless its arguments say otherwise.
fn instances(step: &Step, values: &Values) -> u32 {
    let count = step.instance_count.as_ref();
    match count.and_then(|count| values.resolve(count)) {
        Some(Scalar::Integer(count)) => {
            u32::try_from(count).map_or(1, |count| count.clamp(1, MOST_INSTANCES))
        }
        _ => 1,
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
    fn a_job_runs_on_the_instances_of_its_arguments() {
        let instances = |arguments: &str| {
            let step = format!(r#"[{{"Name":"A","Type":"Training","Arguments":{arguments}}}]"#);
            plan(&step).unwrap().steps[0].instances
        };
        assert_eq!(instances(r#"{"ResourceConfig":{"InstanceCount":2}}"#), 2);
        assert_eq!(
            instances(r#"{"TransformResources":{"InstanceCount":3}}"#),
            3
        );
        let processing = r#"{"ProcessingResources":{"ClusterConfig":{"InstanceCount":4}}}"#;
        assert_eq!(instances(processing), 4);
        assert_eq!(
            instances(r#"{"ResourceConfig":{"InstanceCount":999}}"#),
            100
        );
        for odd in [
            "{}",
            "1",
            r#"{"ResourceConfig":{"InstanceCount":-1}}"#,
            r#"{"ResourceConfig":[]}"#,
        ] {
            assert_eq!(instances(odd), 1, "{odd}");
        }
    }

    #[test]
    fn a_for_each_step_has_one_step_for_each_item() {
        let plan = plan(
            r#"[{"Name":"F","Type":"ForEach","Arguments":{"MaxConcurrency":2,
                "IterableItems":"[\"a\",{\"arn\":\"arn:b\"}]",
                "ForEachBody":[{"Name":"Work","Type":"Lambda","FunctionArn":{"Get":"ForEach.CurrentItem.arn"}}]}}]"#,
        )
        .unwrap();
        let steps: Vec<_> = plan
            .steps
            .iter()
            .map(|step| (step.name.as_str(), step.iteration.clone()))
            .collect();
        let iteration = |index, item: &str| {
            Some(Iteration {
                parent: 0,
                index,
                item: item.to_owned(),
            })
        };
        assert_eq!(
            steps,
            [
                ("F", None),
                ("Work-0", iteration(0, "a")),
                ("Work-1", iteration(1, r#"{"arn":"arn:b"}"#)),
            ]
        );
        assert!(matches!(
            &plan.steps[2].action,
            Action::Lambda { function_arn, .. } if function_arn == "arn:b"
        ));
        assert_eq!(plan.iterations(0).collect::<Vec<_>>(), [1, 2]);
    }
}
