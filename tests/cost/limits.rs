//! The limits of the component's cost, in figures that are the same on every machine. The limit of the
//! instructions is a tenth above their number at the time; the requests are exact. A change that needs
//! more for a good reason raises the limit here, and one that needs less lowers it.

use sagemaker_emulator::Operation::{self, *};

/// The size of the component's file.
pub(super) const BYTES: u64 = 655_360;

/// WebAssembly instructions of one `status` of a run that is under way, from the call of the export
/// to its return.
pub(super) const STATUS_INSTRUCTIONS: u64 = 138_500;

/// The requests that each function of the job type sends, in order, where nothing fails.
pub(super) const REQUESTS: [(&str, &[Operation]); 14] = [
    ("validate", &[]),
    ("test-connection", &[ListPipelines]),
    ("inspect", &[DescribePipeline]),
    (
        "discover of three",
        &[
            ListPipelines,
            DescribePipeline,
            DescribePipeline,
            DescribePipeline,
        ],
    ),
    ("start", &[StartPipelineExecution]),
    ("monitor-url", &[]),
    ("status while it runs", &[DescribePipelineExecution]),
    (
        "statuses of three while they run",
        &[DescribePipelineExecution, ListPipelineExecutions],
    ),
    ("steps", &[ListPipelineExecutionSteps]),
    (
        "cancel",
        &[StopPipelineExecution, DescribePipelineExecution],
    ),
    (
        "status of a failure",
        &[DescribePipelineExecution, ListPipelineExecutionSteps],
    ),
    ("retry", &[RetryPipelineExecution]),
    (
        "the last lines of a log",
        &[ListPipelineExecutionSteps, FilterLogEvents],
    ),
    ("the lines that came since", &[FilterLogEvents]),
];
