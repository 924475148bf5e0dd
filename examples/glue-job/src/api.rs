//! Glue's operations as its API model has them: the inputs, and the members of the outputs that are
//! read. A member may be absent, null, or new; none of that is an error.
#![expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]

use std::collections::BTreeMap;

use aws_kit::json::{lenient, lenient_object, optional_object, sparse_objects};
use aws_kit::time::epoch_seconds;
use aws_kit::{inputs, outputs};

/// `MaxResults` of a page of jobs.
pub const JOBS: u32 = 100;
/// `MaxResults` of a page of runs: the model's greatest.
pub const RUNS: u32 = 200;

/// The arguments of a job or a run.
pub type Arguments = BTreeMap<String, Option<String>>;

inputs! {
    GetJobs -> GetJobsOutput {
        max_results: u32;
        next_token: String,
    }

    GetJob -> GetJobOutput {
        job_name: String
    }

    /// It takes no token that would tell a repetition.
    StartJobRun -> StartJobRunOutput {
        job_name: String,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        arguments: BTreeMap<String, String>;
        worker_type: String,
        number_of_workers: i32,
        /// In minutes.
        timeout: i32,
    }

    GetJobRun -> GetJobRunOutput {
        job_name: String,
        run_id: String
    }

    GetJobRuns -> GetJobRunsOutput {
        job_name: String,
        max_results: u32
    }

    BatchStopJobRun -> BatchStopJobRunOutput {
        job_name: String,
        job_run_ids: [String; 1]
    }
}

outputs! {
    GetJobsOutput {
        jobs: Vec<Job> as "sparse_objects::<{ JOBS as usize }, _, _>",
        next_token: Option<String>,
    }

    GetJobOutput {
        job: Option<Job> as "optional_object",
    }

    Job {
        name: Option<String>,
        description: Option<String>,
        role: Option<String>,
        default_arguments: Option<Arguments> as "lenient",
        non_overridable_arguments: Option<Arguments> as "lenient",
        worker_type: Option<String>,
        number_of_workers: Option<i32>,
        glue_version: Option<String>,
        timeout: Option<i32>,
        max_retries: Option<i32>,
        created_on: Option<u64> as "epoch_seconds",
        last_modified_on: Option<u64> as "epoch_seconds",
    }

    StartJobRunOutput {
        job_run_id: Option<String>,
    }

    GetJobRunOutput {
        job_run: Option<JobRun> as "optional_object",
    }

    GetJobRunsOutput {
        job_runs: Vec<JobRun> as "sparse_objects::<{ RUNS as usize }, _, _>",
    }

    JobRun {
        id: Option<String>,
        job_run_state: Option<String>,
        error_message: Option<String>,
        state_detail: Option<String>,
        arguments: Option<Arguments> as "lenient",
        started_on: Option<u64> as "epoch_seconds",
        last_modified_on: Option<u64> as "epoch_seconds",
        completed_on: Option<u64> as "epoch_seconds",
        /// 0 for a run that isn't a retry.
        attempt: Option<u32> as "lenient",
        previous_run_id: Option<String>,
        log_group_name: Option<String>,
    }

    BatchStopJobRunOutput {
        /// One for each run that isn't stopped.
        errors: Vec<BatchStopJobRunError> as "sparse_objects::<25, _, _>",
    }

    BatchStopJobRunError {
        error_detail: Option<ErrorDetail> as "lenient_object",
    }

    ErrorDetail {
        error_code: Option<String>,
        error_message: Option<String>,
    }
}
