//! The course of an execution: a pure function of its plan, its attempts and the time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::plan::{Duty, Plan};
use crate::status::{ExecutionStatus, StepStatus};

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// Each step but Callback steps.
    pub(crate) step: Duration,
    /// A Callback step until its callback comes.
    pub(crate) callback: Duration,
    /// From the stop of an execution until its running steps are Stopped.
    pub(crate) stop: Duration,
    /// The same of a Callback step.
    pub(crate) callback_stop: Duration,
}

/// A start or retry of an execution, until the next retry.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) started: SystemTime,
    pub(crate) max_parallel_steps: Option<usize>,
    /// The steps that are to fail, by name.
    pub(crate) failing_steps: BTreeMap<String, StepFailure>,
    pub(crate) stop_requested: Option<SystemTime>,
}

/// How a step is to fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StepFailure {
    /// At its end, with this reason.
    AtEnd(String),
    /// When its execution is stopped, with this reason, so that the stop ends as Failed.
    WhenStopped(String),
}

/// The whole course of an execution, its future included.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    steps: Vec<StepCourse>,
    started: SystemTime,
    stop_requested: Option<SystemTime>,
    ended: SystemTime,
    ending: ExecutionStatus,
}

#[derive(Clone, Debug)]
struct StepCourse {
    position: usize,
    attempt: u32,
    started: SystemTime,
    stopping: Option<SystemTime>,
    ended: SystemTime,
    ending: StepEnding,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum StepEnding {
    Succeeded,
    Failed(String),
    Stopped,
}

/// An execution as it stands at one instant.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) status: ExecutionStatus,
    pub(crate) last_modified: SystemTime,
    /// In the order in which they started.
    pub(crate) steps: Vec<StepSnapshot>,
}

/// A step that has started.
#[derive(Clone, Debug)]
pub(crate) struct StepSnapshot {
    pub(crate) position: usize,
    pub(crate) attempt: u32,
    pub(crate) status: StepStatus,
    pub(crate) started: SystemTime,
    pub(crate) ended: Option<SystemTime>,
    pub(crate) failure_reason: Option<String>,
}

impl Timeline {
    /// Follows all attempts; each keeps the steps that succeeded before. `None` without attempts.
    pub(crate) fn of(plan: &Plan, timing: Timing, attempts: &[Attempt]) -> Option<Self> {
        attempts
            .iter()
            .fold(None, |previous: Option<Self>, attempt| {
                let kept = previous.map(|timeline| timeline.steps).unwrap_or_default();
                Some(Course::new(plan, timing, attempt, kept).run())
            })
    }

    pub(crate) fn at(&self, now: SystemTime) -> Snapshot {
        let stop_requested = self.stop_requested.filter(|time| *time <= now);
        let (status, last_modified) = if now >= self.ended {
            (self.ending.clone(), self.ended)
        } else if let Some(stopping) = stop_requested {
            (ExecutionStatus::Stopping, stopping)
        } else {
            (ExecutionStatus::Executing, self.started)
        };
        let started = self.steps.iter().filter(|step| step.started <= now);
        Snapshot {
            status,
            last_modified,
            steps: started.map(|step| step.at(now)).collect(),
        }
    }
}

impl StepCourse {
    fn at(&self, now: SystemTime) -> StepSnapshot {
        let over = now >= self.ended;
        let status = match &self.ending {
            StepEnding::Succeeded if over => StepStatus::Succeeded,
            StepEnding::Failed(_) if over => StepStatus::Failed,
            StepEnding::Stopped if over => StepStatus::Stopped,
            _ if self.stopping.is_some_and(|time| time <= now) => StepStatus::Stopping,
            _ => StepStatus::Executing,
        };
        let failure_reason = match &self.ending {
            StepEnding::Failed(reason) if over => Some(reason.clone()),
            _ => None,
        };
        StepSnapshot {
            position: self.position,
            attempt: self.attempt,
            status,
            started: self.started,
            ended: over.then_some(self.ended),
            failure_reason,
        }
    }
}

/// One attempt, played from its start to its end.
struct Course<'a> {
    plan: &'a Plan,
    timing: Timing,
    attempt: &'a Attempt,
    earlier_attempts: HashMap<usize, u32>,
    /// Steps that are over, those kept from earlier attempts included.
    over: Vec<StepCourse>,
    running: Vec<StepCourse>,
    failed: bool,
}

impl<'a> Course<'a> {
    fn new(plan: &'a Plan, timing: Timing, attempt: &'a Attempt, earlier: Vec<StepCourse>) -> Self {
        Self {
            plan,
            timing,
            attempt,
            earlier_attempts: earlier
                .iter()
                .map(|step| (step.position, step.attempt))
                .collect(),
            over: earlier
                .into_iter()
                .filter(|step| step.ending == StepEnding::Succeeded)
                .collect(),
            running: Vec::new(),
            failed: false,
        }
    }

    fn run(mut self) -> Timeline {
        let mut now = self.attempt.started;
        let kept = self.over.len();
        loop {
            let stopped = self.attempt.stop_requested.is_some_and(|time| time <= now);
            if !stopped && !self.failed {
                self.start_ready_steps(now);
            }
            let Some(next) = self.running.iter().map(|step| step.ended).min() else {
                break;
            };
            now = next;
            let (over, running) = self
                .running
                .drain(..)
                .partition(|step: &StepCourse| step.ended <= now);
            self.running = running;
            for step in over {
                self.failed |= matches!(step.ending, StepEnding::Failed(_));
                self.over.push(step);
            }
        }
        let nothing_ran = self.over.len() == kept;
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
        self.over.sort_by_key(|step| (step.started, step.position));
        Timeline {
            steps: self.over,
            started: self.attempt.started,
            stop_requested,
            ended,
            ending,
        }
    }

    fn start_ready_steps(&mut self, now: SystemTime) {
        let room = self.attempt.max_parallel_steps.unwrap_or(usize::MAX);
        let succeeded: HashSet<usize> = self.over.iter().map(|step| step.position).collect();
        for (position, step) in self.plan.steps.iter().enumerate() {
            if self.running.len() >= room {
                break;
            }
            let begun = succeeded.contains(&position)
                || self.running.iter().any(|step| step.position == position);
            let may_start = step.selected && self.plan.on_taken_branch(step) && !begun;
            let ready = step.waits_for.iter().all(|awaited| {
                let left_out = self
                    .plan
                    .steps
                    .get(*awaited)
                    .is_some_and(|step| !step.selected);
                left_out || succeeded.contains(awaited)
            });
            if may_start && ready {
                self.running.push(self.course_of(position, now));
            }
        }
    }

    fn course_of(&self, position: usize, started: SystemTime) -> StepCourse {
        let step = &self.plan.steps[position];
        let is_callback = matches!(step.duty, Duty::Callback { .. });
        let (duration, stop) = match is_callback {
            true => (self.timing.callback, self.timing.callback_stop),
            false => (self.timing.step, self.timing.stop),
        };
        let order = self.attempt.failing_steps.get(&step.name);
        let ended = started + duration;
        let stopping = self.attempt.stop_requested.filter(|time| *time < ended);
        let ending = match (stopping, order, &step.duty) {
            (Some(_), Some(StepFailure::WhenStopped(reason)), _)
            | (None, Some(StepFailure::AtEnd(reason)), _)
            | (None, _, Duty::Fail { message: reason }) => StepEnding::Failed(reason.clone()),
            (Some(_), ..) => StepEnding::Stopped,
            (None, ..) => StepEnding::Succeeded,
        };
        StepCourse {
            position,
            attempt: self
                .earlier_attempts
                .get(&position)
                .map_or(1, |earlier| earlier + 1),
            started,
            stopping,
            ended: stopping.map_or(ended, |time| time + stop),
            ending,
        }
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
