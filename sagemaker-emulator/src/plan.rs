//! What one execution will do: the definition's steps, flattened and with their values resolved.

use std::collections::{HashMap, HashSet};

use crate::definition::{Check, Definition, OutputDeclaration, ParameterType, Step, Work};
use crate::expression::{Scalar, Values};

/// The steps of an execution, in the order of the definition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<PlannedStep>,
}

/// A step with everything known that decides what becomes of it.
#[derive(Clone, Debug)]
pub(crate) struct PlannedStep {
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    /// The positions of the steps that must have succeeded before.
    pub(crate) waits_for: Vec<usize>,
    pub(crate) branch: Option<Branch>,
    pub(crate) duty: Duty,
    /// False where a selective execution leaves the step out.
    pub(crate) selected: bool,
}

/// The branch of a Condition step that a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) condition: usize,
    pub(crate) outcome: bool,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Duty {
    Processing,
    Training,
    Transform,
    Tuning,
    Model,
    RegisterModel {
        group: String,
    },
    Lambda {
        function_arn: String,
        outputs: Vec<Output>,
    },
    Callback {
        queue_url: String,
        outputs: Vec<Output>,
    },
    Condition {
        outcome: bool,
    },
    Fail {
        message: String,
    },
    QualityCheck(CheckDuty),
    ClarifyCheck(CheckDuty),
    Emr {
        cluster_id: String,
    },
    Other,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CheckDuty {
    pub(crate) check_type: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) skip: bool,
    pub(crate) new_baseline: bool,
}

/// An output parameter of a Lambda or Callback step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) value: &'static str,
}

/// Why a definition can't be executed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    #[error("step names must be unique, but '{0}' stands more than once")]
    DuplicateStep(String),
    #[error("step '{step}' refers to a step '{unknown}' that is not in the definition")]
    UnknownStep { step: String, unknown: String },
    #[error("the steps wait for each other in a circle: {0}")]
    Circle(String),
}

impl Plan {
    /// Lays the steps out; conditions are decided by `values`.
    pub(crate) fn new(definition: &Definition, values: &Values) -> Result<Self, PlanError> {
        let mut builder = Builder {
            values,
            steps: Vec::new(),
            names_awaited: Vec::new(),
        };
        builder.add_all(&definition.steps, None);
        builder.finish()
    }

    /// Leaves out all steps but those named; `Err` is a name that no step has.
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

    /// Whether the outcomes of the Condition steps leave this step to be executed.
    pub(crate) fn on_taken_branch(&self, step: &PlannedStep) -> bool {
        match step.branch {
            None => true,
            Some(branch) => self.steps.get(branch.condition).is_some_and(|condition| {
                condition.duty
                    == Duty::Condition {
                        outcome: branch.outcome,
                    }
            }),
        }
    }
}

struct Builder<'a> {
    values: &'a Values,
    steps: Vec<PlannedStep>,
    /// For each step, whom it waits for by name.
    names_awaited: Vec<Vec<String>>,
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
        let awaited = fields.depends_on.iter().flatten().chain(&step.references);
        self.names_awaited.push(awaited.cloned().collect());
        self.steps.push(PlannedStep {
            name: fields.name.clone(),
            display_name: fields.display_name.clone(),
            description: fields.description.clone(),
            waits_for: branch.iter().map(|branch| branch.condition).collect(),
            branch,
            duty: self.duty(&fields.work),
            selected: true,
        });
        if let Work::Condition { arguments } = &fields.work {
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

    fn duty(&self, work: &Work) -> Duty {
        let text = |expression| self.values.text(expression);
        match work {
            Work::Processing => Duty::Processing,
            Work::Training => Duty::Training,
            Work::Transform => Duty::Transform,
            Work::Tuning => Duty::Tuning,
            Work::Model => Duty::Model,
            Work::RegisterModel { arguments } => Duty::RegisterModel {
                group: arguments
                    .model_package_group_name
                    .as_ref()
                    .map(text)
                    .unwrap_or_default(),
            },
            Work::Lambda {
                function_arn,
                output_parameters,
            } => Duty::Lambda {
                function_arn: text(function_arn),
                outputs: outputs(output_parameters.as_deref()),
            },
            Work::Callback {
                sqs_queue_url,
                output_parameters,
            } => Duty::Callback {
                queue_url: text(sqs_queue_url),
                outputs: outputs(output_parameters.as_deref()),
            },
            Work::Condition { arguments } => Duty::Condition {
                outcome: arguments
                    .conditions
                    .iter()
                    .all(|condition| condition.holds(self.values)),
            },
            Work::Fail { arguments } => Duty::Fail {
                message: text(&arguments.error_message),
            },
            Work::QualityCheck(check) => Duty::QualityCheck(self.check(check)),
            Work::ClarifyCheck(check) => Duty::ClarifyCheck(self.check(check)),
            Work::Emr { cluster_id } => Duty::Emr {
                cluster_id: cluster_id.as_ref().map(text).unwrap_or_default(),
            },
            Work::Other => Duty::Other,
        }
    }

    fn check(&self, check: &Check) -> CheckDuty {
        let flag = |expression: &Option<_>| {
            let value = expression
                .as_ref()
                .and_then(|expression| self.values.resolve(expression));
            value == Some(Scalar::Boolean(true))
        };
        CheckDuty {
            check_type: check.check_type.clone(),
            group: check
                .model_package_group_name
                .as_ref()
                .map(|group| self.values.text(group)),
            skip: flag(&check.skip_check),
            new_baseline: flag(&check.register_new_baseline),
        }
    }

    fn finish(mut self) -> Result<Plan, PlanError> {
        let mut positions = HashMap::new();
        for (position, step) in self.steps.iter().enumerate() {
            if positions.insert(step.name.clone(), position).is_some() {
                return Err(PlanError::DuplicateStep(step.name.clone()));
            }
        }
        for (step, names) in self.steps.iter_mut().zip(&self.names_awaited) {
            for name in names {
                let position = positions.get(name).ok_or_else(|| PlanError::UnknownStep {
                    step: step.name.clone(),
                    unknown: name.clone(),
                })?;
                step.waits_for.push(*position);
            }
        }
        match circle(&self.steps) {
            Some(names) => Err(PlanError::Circle(names)),
            None => Ok(Plan { steps: self.steps }),
        }
    }
}

/// The names of the steps that could never start, because each waits for another of them.
fn circle(steps: &[PlannedStep]) -> Option<String> {
    let mut free = HashSet::new();
    loop {
        let before = free.len();
        for (position, step) in steps.iter().enumerate() {
            if step.waits_for.iter().all(|awaited| free.contains(awaited)) {
                free.insert(position);
            }
        }
        if free.len() == before {
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

fn outputs(declared: Option<&[OutputDeclaration]>) -> Vec<Output> {
    declared
        .unwrap_or_default()
        .iter()
        .map(|output| Output {
            name: output.output_name.clone(),
            value: match output.output_type {
                ParameterType::String => "emulated",
                ParameterType::Integer => "1",
                ParameterType::Float => "1.0",
                ParameterType::Boolean => "true",
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(steps: &str) -> Result<Plan, PlanError> {
        let definition = Definition::parse(&format!(r#"{{"Steps":{steps}}}"#)).unwrap();
        Plan::new(&definition, &Values::default())
    }

    #[test]
    fn steps_that_wait_for_each_other_are_refused() {
        let error = plan(
            r#"[{"Name":"A","Type":"Training","DependsOn":["B"]},
                {"Name":"B","Type":"Training","Arguments":{"x":{"Get":"Steps.A.y"}}}]"#,
        );
        assert_eq!(error.unwrap_err(), PlanError::Circle("A, B".to_owned()));
    }

    #[test]
    fn a_step_that_depends_on_nothing_known_is_refused() {
        let error = plan(r#"[{"Name":"A","Type":"Training","DependsOn":["X"]}]"#).unwrap_err();
        assert!(error.to_string().contains("'X'"));
    }

    #[test]
    fn two_steps_of_one_name_are_refused() {
        let error = plan(r#"[{"Name":"A","Type":"Training"},{"Name":"A","Type":"Model"}]"#);
        assert_eq!(error.unwrap_err(), PlanError::DuplicateStep("A".to_owned()));
    }

    #[test]
    fn a_name_that_no_step_has_cannot_be_selected() {
        let mut plan = plan(r#"[{"Name":"A","Type":"Training"}]"#).unwrap();
        assert_eq!(plan.select(&["B".to_owned()]), Err("B".to_owned()));
    }
}
