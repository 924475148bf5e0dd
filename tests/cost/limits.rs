//! What the component may cost at most, in figures that are the same on every machine. Bytes and
//! instructions are a tenth above what they were when the limit was set; the requests are exact. Where a
//! change needs more for good reasons, it raises the limit here, and where it needs less, it lowers it.

use sagemaker_emulator::Operation::{self, *};

/// Of the component's file.
pub(super) const BYTES: u64 = 500_000;

/// WebAssembly instructions of one `status` of a run that is under way, from the export's call to
/// its return.
pub(super) const STATUS_INSTRUCTIONS: u64 = 136_000;

/// What each function of the job type asks of the platform, in order, where nothing goes wrong.
pub(super) const REQUESTS: [(&str, &[Operation]); 11] = [
    ("validate", &[]),
    ("monitor-url", &[]),
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
    ("status while it runs", &[DescribePipelineExecution]),
    ("steps", &[ListPipelineExecutionSteps]),
    ("cancel", &[StopPipelineExecution]),
    (
        "status of a failure",
        &[DescribePipelineExecution, ListPipelineExecutionSteps],
    ),
    ("retry", &[RetryPipelineExecution]),
];
