//! The course of an execution: its attempts, and the timeline of each, simulated once.

use std::cell::OnceCell;
use std::time::SystemTime;

use crate::execution::attempt::{Attempt, Timing};
use crate::execution::plan::Plan;
use crate::execution::simulation::simulate;
use crate::execution::timeline::Timeline;

/// The attempts of an execution. A change of an attempt changes all that comes after it.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    attempts: Vec<Attempt>,
    /// One for each attempt; empty after a change.
    timelines: OnceCell<Vec<Timeline>>,
}

impl Course {
    pub(crate) fn new(first: Attempt) -> Self {
        Self {
            attempts: vec![first],
            timelines: OnceCell::new(),
        }
    }

    pub(crate) fn retry(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
        self.timelines.take();
    }

    pub(crate) fn request_stop(&mut self, now: SystemTime) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.stop_requested = Some(now);
        }
        self.timelines.take();
    }

    /// The timelines of all attempts. `timing` has to be the same in every call.
    pub(crate) fn timelines(&self, plan: &Plan, timing: Timing) -> &[Timeline] {
        self.timelines
            .get_or_init(|| simulate(plan, timing, &self.attempts))
    }
}
