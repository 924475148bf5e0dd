//! Simulates an execution: its timeline is a pure function of its plan and its attempts.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use super::action::Action;
use super::attempt::{Attempt, StepFailure, Timing};
use super::plan::{Plan, PlannedStep};
use super::timeline::{StepEnding, StepTimeline, Timeline};
use crate::api::status::ExecutionStatus;

/// Simulates the attempts one after the other; each keeps the steps that have succeeded. `None`
/// without attempts.
pub(crate) fn simulate(plan: &Plan, timing: Timing, attempts: &[Attempt]) -> Option<Timeline> {
    attempts
        .iter()
        .fold(None, |previous: Option<Timeline>, attempt| {
            let steps = previous.map(|timeline| timeline.steps).unwrap_or_default();
            Some(Simulation::new(plan, timing, attempt, steps).run())
        })
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
            failed: false,
        }
    }

    fn run(mut self) -> Timeline {
        let kept = self.finished.len();
        let mut now = self.attempt.started;
        loop {
            let stopped = self.attempt.stop_requested.is_some_and(|time| time <= now);
            if !stopped && !self.failed {
                self.start_ready_steps(now);
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
        self.failed |= finished
            .iter()
            .any(|step| matches!(step.ending, StepEnding::Failed(_)));
        self.finished.extend(finished);
    }

    fn start_ready_steps(&mut self, now: SystemTime) {
        let plan = self.plan;
        let parallel_steps = self.attempt.max_parallel_steps.unwrap_or(usize::MAX);
        let succeeded: HashSet<usize> = self.finished.iter().map(|step| step.position).collect();
        for (position, step) in plan.steps.iter().enumerate() {
            if self.running.len() >= parallel_steps {
                break;
            }
            let started = succeeded.contains(&position)
                || self.running.iter().any(|step| step.position == position);
            let ready = step.depends_on.iter().all(|dependency| {
                let left_out = plan
                    .steps
                    .get(*dependency)
                    .is_some_and(|step| !step.selected);
                left_out || succeeded.contains(dependency)
            });
            if step.selected && plan.on_taken_branch(step) && !started && ready {
                self.running.push(self.start_step(position, step, now));
            }
        }
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
