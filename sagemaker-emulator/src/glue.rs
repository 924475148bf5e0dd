//! AWS Glue, as far as it concerns jobs and their runs.

mod get_job_runs;
mod get_jobs;
pub(crate) mod job;
mod page;
pub(crate) mod run;
pub(crate) mod shipped;
mod start_job_run;
mod stop_job_run;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub(crate) use self::get_job_runs::{get_job_run, get_job_runs};
pub(crate) use self::get_jobs::{get_job, get_jobs};
pub(crate) use self::start_job_run::start_job_run;
pub(crate) use self::stop_job_run::batch_stop_job_run;
