//! The id of a run on a platform whose own id of it is unique only with the job's name.
//!
//! The contract has every call work with the run id alone. So the run id holds both, as `JOB/ID`. The
//! platform's id is last: it has no slash, and a job's name may have some.

use std::collections::BTreeMap;

use crate::contract::{Error, Run, StartedRun};

/// A run, by its job's name and the platform's id of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunOfJob {
    /// The job's name.
    pub job: String,
    /// The platform's id of the run.
    pub id: String,
}

impl RunOfJob {
    /// The run of a job that has this id. `None` where the two can't be a run id: one is empty or has a
    /// control character, or the id has a slash.
    pub fn new(job: &str, id: &str) -> Option<Self> {
        let fits = |text: &str| !text.is_empty() && !text.contains(char::is_control);
        (fits(job) && fits(id) && !id.contains('/')).then(|| Self {
            job: job.to_owned(),
            id: id.to_owned(),
        })
    }

    /// Reads the id that a start returned.
    ///
    /// # Errors
    /// `InvalidRunId` where the text is anything else.
    pub fn of(run: &Run) -> Result<Self, Error> {
        let parts = run.run_id.rsplit_once('/');
        let read = parts.and_then(|(job, id)| Self::new(job, id));
        read.ok_or_else(|| {
            let message = format!("{:?} is not the id of a run of this job type", run.run_id);
            let hint =
                "A run's id is the job's name, a slash, and the platform's own id of the run.";
            Error::invalid("InvalidRunId", message, hint)
        })
    }
}

impl From<RunOfJob> for String {
    fn from(RunOfJob { job, id }: RunOfJob) -> Self {
        [job, id].join("/")
    }
}

impl From<RunOfJob> for StartedRun {
    fn from(run: RunOfJob) -> Self {
        Self {
            run_id: run.into(),
            details: Vec::new(),
        }
    }
}

/// The jobs that several of these runs are of: one listing may tell of all of a job's.
pub fn jobs_of_several<'a>(runs: impl IntoIterator<Item = &'a RunOfJob>) -> Vec<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for run in runs {
        *counts.entry(&run.job).or_default() += 1;
    }
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    several.map(|(job, _)| job).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RunOfJob, Error> {
        RunOfJob::of(&Run {
            external_id: Some("other".to_owned()),
            run_id: text.to_owned(),
        })
    }

    #[test]
    fn a_run_id_holds_the_jobs_name_whatever_characters_it_has() {
        for job in ["sales", "team/sales", "a b/c é", "/"] {
            let text = format!("{job}/jr_1");
            let id = read(&text).unwrap();
            assert_eq!((id.job.as_str(), id.id.as_str()), (job, "jr_1"));
            assert_eq!(String::from(id), text);
        }
    }

    #[test]
    fn a_job_of_one_run_alone_needs_no_listing() {
        let runs = ["b/1", "a/1", "b/2", "c/1", "a/1", "b/3"].map(|run| read(run).unwrap());
        assert_eq!(jobs_of_several(&runs), ["a", "b"]);
    }

    #[test]
    fn a_run_id_that_lacks_the_jobs_name_is_refused_with_a_hint() {
        for text in ["", "jr_1", "/jr_1", "sales/", "a\tb/jr_1"] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, "InvalidRunId", "{text}");
            assert!(error.hint.contains("a slash"));
        }
    }
}
