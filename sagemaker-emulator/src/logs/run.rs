//! The runs of an execution's steps that write to a log group.

use std::collections::HashSet;

use super::step_group::StepGroup;
use crate::execution::attempt::Timing;
use crate::execution::plan::{PlannedStep, Selection};
use crate::execution::timeline::StepTimeline;
use crate::store::execution::Execution;

/// A run of a step in one attempt of its execution.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) execution: &'a Execution,
    pub(super) step: &'a PlannedStep,
    pub(super) course: &'a StepTimeline,
    pub(super) timing: Timing,
}

/// The runs that write to a group, of all attempts, including those that start later.
pub(super) fn runs<'a>(
    execution: &'a Execution,
    group: StepGroup<'_>,
    timing: Timing,
) -> Vec<Run<'a>> {
    let mut steps = execution.plan.steps.iter();
    if !steps.any(|step| StepGroup::of(&step.action) == Some(group)) {
        return Vec::new();
    }
    let timelines = execution.timelines(timing);
    let mut seen = HashSet::new();
    let mut runs = Vec::new();
    for (number, timeline) in timelines.iter().enumerate() {
        let next_attempt = timelines.get(number + 1).map(|next| next.started);
        for course in &timeline.steps {
            // A later attempt keeps the steps that have succeeded.
            let is_new = seen.insert((course.position, course.attempt));
            let cut_off = next_attempt.is_some_and(|next| course.started >= next);
            let step = execution.plan.steps.get(course.position);
            let writes = |step: &&PlannedStep| {
                // What a reused step wrote, the source execution's step wrote.
                step.selection == Selection::Run && StepGroup::of(&step.action) == Some(group)
            };
            if let Some(step) = step.filter(writes)
                && is_new
                && !cut_off
            {
                runs.push(Run {
                    execution,
                    step,
                    course,
                    timing,
                });
            }
        }
    }
    runs
}
