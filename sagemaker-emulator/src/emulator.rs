//! A running emulator: injects faults, scripts outcomes, and reports the requests that it has received.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::access::credentials::Credentials;
use crate::api::operation::Operation;
use crate::api::status::ExecutionStatus;
use crate::execution::attempt::StepFailure;
use crate::fault::Fault;
use crate::request_log::RecordedRequest;
use crate::state::Shared;
use crate::store::UnknownExecution;
use crate::store::script::ScriptedFailure;

/// A running emulator. It stops listening when it is dropped.
pub struct Emulator {
    pub(crate) shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    /// The server finishes when this is dropped.
    pub(crate) _stop: oneshot::Sender<()>,
}

impl Emulator {
    /// The endpoint for clients: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Injects a fault. If several faults apply to a request, the one that was injected first
    /// happens.
    pub fn inject(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Makes a step fail in coming attempts, that is, starts and retries, of executions of a
    /// pipeline: in the next `times` attempts, or in all. The pipeline's name is in any case.
    pub fn fail_step(
        &self,
        pipeline: impl Into<String>,
        step: impl Into<String>,
        failure: StepFailure,
        times: Option<u32>,
    ) {
        self.shared.state().store.script.fail_step(ScriptedFailure {
            pipeline: pipeline.into(),
            step: step.into(),
            failure,
            times,
        });
    }

    /// Makes executions of a pipeline that start from now on end with this status.
    pub fn set_ending(&self, pipeline: impl Into<String>, status: ExecutionStatus) {
        let mut state = self.shared.state();
        state.store.script.set_ending(pipeline.into(), status);
    }

    /// Gives an execution this status at once, until it is stopped or retried.
    ///
    /// # Errors
    ///
    /// No execution has this ARN.
    pub fn set_status(
        &self,
        execution_arn: &str,
        status: ExecutionStatus,
    ) -> Result<(), UnknownExecution> {
        let now = self.shared.now();
        let mut state = self.shared.state();
        state.store.set_status(execution_arn, status, now)
    }

    /// From now on, accepts only these credentials.
    pub fn replace_credentials(&self, credentials: Vec<Credentials>) {
        self.shared.state().credentials = credentials;
    }

    /// The newest 10,000 requests received, the oldest of them first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared
            .state()
            .request_log
            .requests()
            .cloned()
            .collect()
    }

    /// The number of requests received for an operation, whether or not they succeeded.
    pub fn request_count(&self, operation: Operation) -> usize {
        let state = self.shared.state();
        let count = state.request_log.counts().get(&operation);
        count.copied().unwrap_or_default()
    }

    /// The number of requests received by operation, whether or not they succeeded.
    pub fn request_counts(&self) -> BTreeMap<Operation, usize> {
        self.shared.state().request_log.counts().clone()
    }

    /// Forgets the requests received and their number.
    pub fn forget_requests(&self) {
        self.shared.state().request_log.clear();
    }

    /// The number of executions created.
    pub fn executions_created(&self) -> usize {
        self.shared.state().store.executions.len()
    }

    /// The number of executions created of the pipeline with this name, in any case.
    pub fn executions_created_for(&self, pipeline: &str) -> usize {
        let counts = self.shared.state().store.executions.counts();
        counts
            .get(&pipeline.to_lowercase())
            .copied()
            .unwrap_or_default()
    }

    /// The ids of all runs of the Glue job with this name, in the order of their start.
    pub fn glue_runs_of(&self, job: &str) -> Vec<String> {
        let state = self.shared.state();
        let runs = state.store.glue.runs_of(job);
        runs.map(|run| run.id.clone()).collect()
    }
}
