//! Simulates an execution: its timeline is a pure function of its plan and its attempts.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use super::action::Action;
use super::attempt::{Attempt, StepFailure, Timing};
use super::plan::{Plan, PlannedStep, Selection};
use super::timeline::{StepEnding, StepTimeline, Timeline};
use crate::api::status::ExecutionStatus;

/// Simulates the attempts one after the other; each keeps the steps that have succeeded. Returns the
/// timeline of each.
pub(crate) fn simulate(plan: &Plan, timing: Timing, attempts: &[Attempt]) -> Vec<Timeline> {
    let mut timelines: Vec<Timeline> = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        let earlier = timelines.last().map(|timeline| timeline.steps.clone());
        let simulation = Simulation::new(plan, timing, attempt, earlier.unwrap_or_default());
        timelines.push(simulation.run());
    }
    timelines
}

/// One attempt, simulated from its start to its end.
struct Simulation<'a> {
    plan: &'a Plan,
    timing: Timing,
    attempt: &'a Attempt,
    /// The number of earlier attempts of each step, by its position.
    earlier_attempts: HashMap<usize, u32>,
    /// Includes the steps that succeeded in earlier attempts.
    finished: Vec<StepTimeline>,
    running: Vec<StepTimeline>,
    /// The ForEach steps that have started, until all their iterations are over.
    open: Vec<StepTimeline>,
    failed: bool,
}

impl<'a> Simulation<'a> {
    fn new(
        plan: &'a Plan,
        timing: Timing,
        attempt: &'a Attempt,
        earlier: Vec<StepTimeline>,
    ) -> Self {
        Self {
            plan,
            timing,
            attempt,
            earlier_attempts: earlier
                .iter()
                .map(|step| (step.position, step.attempt))
                .collect(),
            finished: earlier
                .into_iter()
                .filter(|step| step.ending == StepEnding::Succeeded)
                .collect(),
            running: Vec::new(),
            open: Vec::new(),
            failed: false,
        }
    }

    /// Adds the steps whose result is that of the source execution.
    fn reuse_steps(&mut self) {
        let started = self.attempt.started;
        for (position, step) in self.plan.steps.iter().enumerate() {
            let is_new = !self.finished.iter().any(|step| step.position == position);
            if step.selection == Selection::Reuse && is_new {
                self.finished.push(StepTimeline {
                    position,
                    attempt: 1,
                    started,
                    stopping: None,
                    ended: started,
                    ending: StepEnding::Succeeded,
                });
            }
        }
    }

    fn run(mut self) -> Timeline {
        self.reuse_steps();
        let kept = self.finished.len();
        let mut now = self.attempt.started;
        loop {
            let stopped = self.attempt.stop_requested.is_some_and(|time| time <= now);
            if !stopped && !self.failed {
                self.start_ready_steps(now);
            }
            if self.close_for_each_steps(now, stopped) {
                continue;
            }
            let Some(next) = self.running.iter().map(|step| step.ended).min() else {
                break;
            };
            now = next;
            self.finish_steps(now);
        }
        let nothing_ran = self.finished.len() == kept;
        let stop_requested = self.attempt.stop_requested;
        let ended = match stop_requested {
            Some(time) if now <= time => time + self.timing.stop,
            None if nothing_ran => now + self.timing.step,
            _ => now,
        };
        let ending = match (self.failed, stop_requested) {
            (true, _) => ExecutionStatus::Failed,
            (false, Some(_)) => ExecutionStatus::Stopped,
            (false, None) => ExecutionStatus::Succeeded,
        };
        self.finished
            .sort_by_key(|step| (step.started, step.position));
        Timeline {
            steps: self.finished,
            started: self.attempt.started,
            stop_requested,
            ended,
            ending,
        }
    }

    fn finish_steps(&mut self, now: SystemTime) {
        let (finished, running): (Vec<_>, Vec<_>) =
            self.running.drain(..).partition(|step| step.ended <= now);
        self.running = running;
        // An iteration that fails fails its ForEach step, when the other iterations are over.
        self.failed |= finished.iter().any(|step| {
            let planned = self.plan.steps.get(step.position);
            let is_iteration = planned.is_some_and(|step| step.iteration.is_some());
            !is_iteration && matches!(step.ending, StepEnding::Failed(_))
        });
        self.finished.extend(finished);
    }

    /// Ends the ForEach steps whose iterations are over, or can't start any more. Returns whether there
    /// was one.
    fn close_for_each_steps(&mut self, now: SystemTime, stopped: bool) -> bool {
        let halted = stopped || self.failed;
        let open = std::mem::take(&mut self.open);
        let count = open.len();
        for mut step in open {
            let iterations: HashSet<usize> = self.plan.iterations(step.position).collect();
            let of_step = |other: &&StepTimeline| iterations.contains(&other.position);
            let over: Vec<&StepTimeline> = self.finished.iter().filter(of_step).collect();
            let all_over = over.len() == iterations.len();
            if self.running.iter().any(|other| of_step(&other)) || !(all_over || halted) {
                self.open.push(step);
                continue;
            }
            let failed = over
                .iter()
                .any(|step| matches!(step.ending, StepEnding::Failed(_)));
            let succeeded =
                all_over && over.iter().all(|step| step.ending == StepEnding::Succeeded);
            step.ending = match (failed, succeeded) {
                // Why is in the iterations.
                (true, _) => StepEnding::Failed(String::new()),
                (false, true) => StepEnding::Succeeded,
                (false, false) => StepEnding::Stopped,
            };
            step.ended = now;
            step.stopping = self.attempt.stop_requested.filter(|time| *time < now);
            self.failed |= failed;
            self.finished.push(step);
        }
        self.open.len() < count
    }

    fn start_ready_steps(&mut self, now: SystemTime) {
        let plan = self.plan;
        let parallel_steps = self.attempt.max_parallel_steps.unwrap_or(usize::MAX);
        let succeeded: HashSet<usize> = self.finished.iter().map(|step| step.position).collect();
        for (position, step) in plan.steps.iter().enumerate() {
            if self.running.len() >= parallel_steps {
                break;
            }
            let started = succeeded.contains(&position) || self.is_under_way(position);
            let ready = self.has_place(step)
                && step
                    .depends_on
                    .iter()
                    .all(|dependency| succeeded.contains(dependency));
            let selected = step.selection == Selection::Run;
            if selected && plan.on_taken_branch(step) && !started && ready {
                let started = self.start_step(position, step, now);
                match plan.iterations(position).next() {
                    Some(_) => self.open.push(started),
                    None => self.running.push(started),
                }
            }
        }
    }

    fn is_under_way(&self, position: usize) -> bool {
        let mut under_way = self.running.iter().chain(&self.open);
        under_way.any(|step| step.position == position)
    }

    /// Whether a step is not an iteration, or one that its ForEach step can start now.
    fn has_place(&self, step: &PlannedStep) -> bool {
        let Some(iteration) = &step.iteration else {
            return true;
        };
        let parent = self.plan.steps.get(iteration.parent);
        let Some(Action::ForEach {
            max_concurrency, ..
        }) = parent.map(|parent| &parent.action)
        else {
            return false;
        };
        let iterations: HashSet<usize> = self.plan.iterations(iteration.parent).collect();
        let running = self.running.iter();
        let count = running
            .filter(|step| iterations.contains(&step.position))
            .count();
        let mut open = self.open.iter();
        count < *max_concurrency && open.any(|step| step.position == iteration.parent)
    }

    /// The course of a step that starts now.
    fn start_step(&self, position: usize, step: &PlannedStep, now: SystemTime) -> StepTimeline {
        let is_callback = matches!(step.action, Action::Callback { .. });
        let (duration, stop) = match is_callback {
            true => (self.timing.callback, self.timing.callback_stop),
            false => (self.timing.step, self.timing.stop),
        };
        let ended = now + duration;
        let stopping = self.attempt.stop_requested.filter(|time| *time < ended);
        let failure = self.attempt.failing_steps.get(&step.name);
        let ending = match (stopping, failure, &step.action) {
            (Some(_), Some(StepFailure::WhenStopped(reason)), _)
            | (None, Some(StepFailure::AtEnd(reason)), _)
            | (None, _, Action::Fail { message: reason }) => StepEnding::Failed(reason.clone()),
            (
                None,
                _,
                Action::ForEach {
                    item_count: None, ..
                },
            ) => StepEnding::Failed("IterableItems is not a JSON list.".to_owned()),
            (Some(_), ..) => StepEnding::Stopped,
            (None, ..) => StepEnding::Succeeded,
        };
        let earlier_attempts = self.earlier_attempts.get(&position);
        StepTimeline {
            position,
            attempt: earlier_attempts.map_or(1, |earlier| earlier + 1),
            started: now,
            stopping,
            ended: stopping.map_or(ended, |time| time + stop),
            ending,
        }
    }
}
