//! The outcomes that a test scripts for coming executions.

use std::collections::{BTreeMap, HashMap};

use crate::api::status::ExecutionStatus;
use crate::execution::attempt::StepFailure;

/// The scripted outcomes.
#[derive(Debug, Default)]
pub(crate) struct Script {
    step_failures: Vec<ScriptedFailure>,
    /// By the pipeline's name.
    endings: HashMap<String, ExecutionStatus>,
}

/// A step that fails in coming attempts.
#[derive(Clone, Debug)]
pub(crate) struct ScriptedFailure {
    /// The pipeline's name, in any case.
    pub(crate) pipeline: String,
    pub(crate) step: String,
    pub(crate) failure: StepFailure,
    /// The number of attempts left, or all.
    pub(crate) times: Option<u32>,
}

impl Script {
    pub(crate) fn fail_step(&mut self, failure: ScriptedFailure) {
        self.step_failures.push(failure);
    }

    pub(crate) fn set_ending(&mut self, pipeline: String, status: ExecutionStatus) {
        self.endings.insert(pipeline, status);
    }

    /// The status that an execution of this pipeline ends with, if it is scripted.
    pub(crate) fn ending(&self, pipeline: &str) -> Option<ExecutionStatus> {
        self.endings.get(pipeline).cloned()
    }

    /// The steps that fail in an attempt that starts now, by name. Counts the attempt.
    pub(crate) fn take_failures(&mut self, pipeline: &str) -> BTreeMap<String, StepFailure> {
        let mut failures = BTreeMap::new();
        for scripted in &mut self.step_failures {
            if scripted.pipeline.eq_ignore_ascii_case(pipeline) {
                failures.insert(scripted.step.clone(), scripted.failure.clone());
                scripted.times = scripted.times.map(|times| times.saturating_sub(1));
            }
        }
        self.step_failures
            .retain(|scripted| scripted.times != Some(0));
        failures
    }
}
