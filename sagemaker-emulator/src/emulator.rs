//! A running emulator, in the hands of a test or a program.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::builder::Builder;
use crate::credentials::Credentials;
use crate::fault::Fault;
use crate::operation::Operation;
use crate::orders;
use crate::record::RecordedRequest;
use crate::shared::Shared;
use crate::status::ExecutionStatus;
use crate::store::UnknownExecution;
use crate::timeline::StepFailure;

/// A running emulator. It stops listening when it is dropped.
pub struct Emulator {
    pub(crate) shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    /// Its end tells the server to finish.
    pub(crate) _stop: oneshot::Sender<()>,
}

impl Emulator {
    /// Begins to set an emulator up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The endpoint for clients: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Orders a fault. Faults strike in the order in which they were ordered.
    pub fn order(&self, fault: Fault) {
        self.shared.state().faults.order(fault);
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Makes a step fail in the coming attempts (starts and retries) of a pipeline's executions:
    /// the next `times`, or all.
    pub fn fail_step(
        &self,
        pipeline: impl Into<String>,
        step: impl Into<String>,
        failure: StepFailure,
        times: Option<u32>,
    ) {
        orders::fail_step(&self.shared, pipeline.into(), step.into(), failure, times);
    }

    /// Makes executions of a pipeline that start from now on end with this status.
    pub fn order_ending(&self, pipeline: impl Into<String>, status: ExecutionStatus) {
        orders::order_ending(&self.shared, pipeline.into(), status);
    }

    /// Gives an execution this status at once and for good, until it is stopped or retried.
    ///
    /// # Errors
    ///
    /// No execution has this ARN.
    pub fn set_status(
        &self,
        execution_arn: &str,
        status: ExecutionStatus,
    ) -> Result<(), UnknownExecution> {
        orders::set_status(&self.shared, execution_arn, status)
    }

    /// Accepts these credentials and no others from now on.
    pub fn replace_credentials(&self, credentials: Vec<Credentials>) {
        self.shared.state().credentials = credentials;
    }

    /// The requests received, oldest first; the newest 10,000.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().records.requests().cloned().collect()
    }

    /// How many requests of an operation were received, whatever became of them.
    pub fn request_count(&self, operation: Operation) -> usize {
        let state = self.shared.state();
        state
            .records
            .counts()
            .get(&operation)
            .copied()
            .unwrap_or_default()
    }

    /// How many executions were created.
    pub fn executions_created(&self) -> usize {
        self.shared.state().store.executions.len()
    }

    /// How many executions of this pipeline were created; its name, in any case.
    pub fn executions_created_of(&self, pipeline: &str) -> usize {
        let counts = orders::executions_by_pipeline(&self.shared);
        counts
            .get(&pipeline.to_lowercase())
            .copied()
            .unwrap_or_default()
    }
}
