//! What the library and the admin paths both can order and ask.

use std::collections::BTreeMap;

use crate::arn::pipeline_of_execution;
use crate::shared::Shared;
use crate::status::ExecutionStatus;
use crate::store::{StepFailureOrder, UnknownExecution};
use crate::timeline::StepFailure;

pub(crate) fn fail_step(
    shared: &Shared,
    pipeline: String,
    step: String,
    failure: StepFailure,
    times: Option<u32>,
) {
    shared.state().store.step_failures.push(StepFailureOrder {
        pipeline,
        step,
        failure,
        times,
    });
}

pub(crate) fn order_ending(shared: &Shared, pipeline: String, status: ExecutionStatus) {
    shared
        .state()
        .store
        .ordered_endings
        .insert(pipeline, status);
}

pub(crate) fn set_status(
    shared: &Shared,
    execution_arn: &str,
    status: ExecutionStatus,
) -> Result<(), UnknownExecution> {
    let now = shared.now();
    let mut state = shared.state();
    let execution = state
        .store
        .execution_mut(execution_arn)
        .map_err(|_| UnknownExecution(execution_arn.to_owned()))?;
    execution.ordered_status = Some((now, status));
    Ok(())
}

/// By the pipeline's name as it stands in ARNs.
pub(crate) fn executions_by_pipeline(shared: &Shared) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for execution in &shared.state().store.executions {
        let pipeline = pipeline_of_execution(&execution.arn).unwrap_or_default();
        *counts.entry(pipeline.to_owned()).or_default() += 1;
    }
    counts
}
