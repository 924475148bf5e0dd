//! A run's id: the job's name and Glue's `JobRunId`, as `NAME/jr_…`.
//!
//! A `JobRunId` finds a run only together with the job's name, and the contract has every call work with
//! the run id alone. So the run id holds both. The `JobRunId` is last, because it has no slash, and a
//! job's name may have some.

use job_type_kit::contract::{Error, Run};
use job_type_kit::{FindingCode, Problem, limits};

/// A run's id, read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    /// The job's name.
    pub job: String,
    /// Glue's `JobRunId`.
    pub id: String,
}

impl RunId {
    /// The run of a job that has this `JobRunId`, unless that is none.
    pub fn new(job: &str, id: &str) -> Option<Self> {
        let fits = name(job).is_none() && name(id).is_none() && !id.contains('/');
        fits.then(|| Self {
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
        parts
            .and_then(|(job, id)| Self::new(job, id))
            .ok_or_else(|| {
                Error::invalid(
                    "InvalidRunId",
                    format!("{:?} is not the id of a run of a Glue job", run.run_id),
                    "A run's id is the job's name, a slash, and Glue's own id of the run: \
                 my-job/jr_0123456789abcdef.",
                )
            })
    }
}

impl From<RunId> for String {
    fn from(RunId { job, id }: RunId) -> Self {
        [job, id].join("/")
    }
}

/// What is wrong with the name of a job or with a `JobRunId`, if anything (API model: `NameString`,
/// `IdString`). The model allows tabs, but an id of the contract has visible characters.
pub fn name(text: &str) -> Option<Problem> {
    limits::length(text, (1, 255)).or_else(|| {
        let message = "has to be one line without control characters";
        text.contains(char::is_control)
            .then(|| Problem::new(FindingCode::InvalidCharacters, message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RunId, Error> {
        RunId::of(&Run {
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
    fn a_run_id_that_lacks_the_jobs_name_is_refused_with_an_example() {
        let long = format!("{}/jr_1", "x".repeat(256));
        for text in ["", "jr_1", "/jr_1", "sales/", "a\tb/jr_1", &long] {
            let error = read(text).unwrap_err();
            assert_eq!(error.code, "InvalidRunId", "{text}");
            assert!(error.hint.contains("my-job/jr_"));
        }
    }
}
