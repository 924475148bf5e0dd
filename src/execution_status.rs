//! The state of an execution, and the state of the run that the specification's table gives for it.

use aws_kit::client::Client;
use aws_kit::error::CallError;
use job_type_kit::contract::RunState;
use job_type_kit::contract::log::Level;

use crate::api::{DescribePipelineExecution, DescribePipelineExecutionOutput};
use crate::run_id::RunId;

/// SageMaker's word for the state of an execution (API model: `PipelineExecutionStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// `Executing`
    Executing,
    /// `Stopping`
    Stopping,
    /// `Succeeded`
    Succeeded,
    /// `Failed`
    Failed,
    /// `Stopped`
    Stopped,
    /// `CompletedWithFailures`: over, and not a success. SageMaker has it since October 2026.
    CompletedWithFailures,
    /// A word of a later release, or none.
    Other,
}

impl ExecutionStatus {
    /// Reads the word. A word that is not known is [`ExecutionStatus::Other`].
    pub fn parse(word: &str) -> Self {
        match word {
            "Executing" => Self::Executing,
            "Stopping" => Self::Stopping,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "Stopped" => Self::Stopped,
            "CompletedWithFailures" => Self::CompletedWithFailures,
            _ => Self::Other,
        }
    }

    /// The run's state, by the specification's table.
    pub fn run_state(self) -> RunState {
        match self {
            Self::Executing | Self::Stopping => RunState::Running,
            Self::Succeeded => RunState::Success,
            Self::Failed => RunState::Failed,
            Self::Stopped => RunState::Cancelled,
            Self::CompletedWithFailures | Self::Other => RunState::Unknown,
        }
    }

    /// Whether SageMaker is done with the execution.
    pub fn is_finished(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Stopped | Self::CompletedWithFailures => true,
            Self::Executing | Self::Stopping | Self::Other => false,
        }
    }
}

/// Reads an execution.
///
/// # Errors
/// The error of DescribePipelineExecution.
pub fn describe(
    client: &Client<'_>,
    run_id: &RunId,
) -> Result<DescribePipelineExecutionOutput, CallError> {
    client.call(&request(run_id))
}

/// The request that reads an execution.
pub fn request(run_id: &RunId) -> DescribePipelineExecution {
    DescribePipelineExecution {
        pipeline_execution_arn: run_id.as_str().to_owned(),
    }
}

impl DescribePipelineExecutionOutput {
    /// SageMaker's word for the state; empty where it gave none.
    pub fn status_word(&self) -> &str {
        self.pipeline_execution_status
            .as_deref()
            .unwrap_or_default()
    }

    /// The state.
    pub fn status(&self) -> ExecutionStatus {
        ExecutionStatus::parse(self.status_word())
    }
}

/// Reads an execution. Where it can't be read, the log says why.
pub fn describe_or_warn(
    client: &Client<'_>,
    run_id: &RunId,
) -> Option<DescribePipelineExecutionOutput> {
    describe(client, run_id)
        .map_err(|error| {
            client.host().log(
                Level::Warn,
                &format!("the state of {} is not known: {error}", run_id.as_str()),
            );
        })
        .ok()
}

/// The execution that SageMaker refused to change because of its state. The refusal does not name
/// the state reliably, so this reads the execution. `None` for a refusal that is not about the state,
/// and where the execution can't be read.
pub fn read_after_refusal(
    client: &Client<'_>,
    run_id: &RunId,
    refusal: &CallError,
) -> Option<DescribePipelineExecutionOutput> {
    match refusal.service_code()? {
        "ValidationException" | "ConflictException" => describe_or_warn(client, run_id),
        _ => None,
    }
}
