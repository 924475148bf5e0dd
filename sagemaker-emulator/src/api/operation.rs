//! The operations that the emulator supports, of SageMaker, of Glue and of CloudWatch Logs.
//!
//! `strum` was considered: its derives would replace one small macro and bring two more crates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::service::AwsService;

macro_rules! operations {
    ($($service:ident { $($name:ident),+ $(,)? })+) => {
        /// An operation, named as in the API model of its service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "each is documented by the API model")]
        pub enum Operation { $($($name),+),+ }

        impl Operation {
            /// The operation's name, which ends the header `X-Amz-Target`.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$name => stringify!($name)),+),+ }
            }

            /// The service that the operation belongs to.
            pub fn service(self) -> AwsService {
                match self { $($(Self::$name)|+ => AwsService::$service),+ }
            }
        }

        impl FromStr for Operation {
            type Err = UnknownOperation;

            fn from_str(name: &str) -> Result<Self, UnknownOperation> {
                match name {
                    $($(stringify!($name) => Ok(Self::$name),)+)+
                    _ => Err(UnknownOperation),
                }
            }
        }
    };
}

operations!(
    SageMaker {
        CreatePipeline,
        DescribePipeline,
        DescribePipelineExecution,
        ListPipelineExecutionSteps,
        ListPipelineExecutions,
        ListPipelineParametersForExecution,
        ListPipelines,
        RetryPipelineExecution,
        StartPipelineExecution,
        StopPipelineExecution,
    }
    Glue {
        BatchStopJobRun,
        GetJob,
        GetJobRun,
        GetJobRuns,
        GetJobs,
        StartJobRun,
    }
    CloudWatchLogs {
        DescribeLogStreams,
        FilterLogEvents,
        GetLogEvents,
    }
);

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is not one of an operation that the emulator supports.
#[derive(Debug, thiserror::Error)]
#[error("the emulator does not know this operation")]
pub struct UnknownOperation;
