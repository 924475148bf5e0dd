//! The Glue jobs of the account, and their runs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use super::job::GlueJob;
use super::run::GlueRun;
use crate::api::error::ServiceError;

/// A job that exists in the account.
#[derive(Clone, Debug)]
pub(super) struct StoredJob {
    pub(super) job: Arc<GlueJob>,
    pub(super) created: SystemTime,
}

/// All jobs and all runs.
#[derive(Debug, Default)]
pub(crate) struct GlueStore {
    /// By name.
    jobs: BTreeMap<String, StoredJob>,
    /// In the order of their start.
    runs: Vec<GlueRun>,
}

impl GlueStore {
    pub(crate) fn add_job(&mut self, job: GlueJob, now: SystemTime) {
        let name = job.name.clone();
        let stored = StoredJob {
            job: Arc::new(job),
            created: now,
        };
        self.jobs.insert(name, stored);
    }

    /// All jobs, by name.
    pub(super) fn jobs(&self) -> impl Iterator<Item = &StoredJob> {
        self.jobs.values()
    }

    pub(super) fn job(&self, name: &str) -> Result<&StoredJob, ServiceError> {
        let not_found =
            || ServiceError::entity_not_found(format!("Job with name: {name} not found."));
        self.jobs.get(name).ok_or_else(not_found)
    }

    pub(super) fn add_run(&mut self, run: GlueRun) {
        self.runs.push(run);
    }

    /// All runs, in the order of their start.
    pub(crate) fn runs(&self) -> impl DoubleEndedIterator<Item = &GlueRun> {
        self.runs.iter()
    }

    /// The runs of the job with this name, in the order of their start.
    pub(crate) fn runs_of(&self, job: &str) -> impl DoubleEndedIterator<Item = &GlueRun> {
        self.runs.iter().filter(move |run| run.job.name == job)
    }

    pub(super) fn run(&self, job: &str, id: &str) -> Result<&GlueRun, ServiceError> {
        let mut runs = self.runs_of(job);
        runs.find(|run| run.id == id)
            .ok_or_else(|| run_not_found(id))
    }

    pub(super) fn run_mut(&mut self, job: &str, id: &str) -> Result<&mut GlueRun, ServiceError> {
        let mut runs = self.runs.iter_mut();
        runs.find(|run| run.job.name == job && run.id == id)
            .ok_or_else(|| run_not_found(id))
    }

    /// The number of runs by the job's name.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for run in &self.runs {
            *counts.entry(run.job.name.clone()).or_default() += 1;
        }
        counts
    }
}

fn run_not_found(id: &str) -> ServiceError {
    ServiceError::entity_not_found(format!("Job Run with id: {id} not found."))
}
