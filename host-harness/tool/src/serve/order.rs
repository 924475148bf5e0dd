//! What `serve` can be asked for, and how it is written on stdin.

use anyhow::{Context, Result, anyhow};
use polysync_host::contract::{Description, Job};
use uuid::Uuid;

use crate::job;
use crate::job::file::JobFile;

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    /// A run of this job. The job of a file is run once, however the run ends.
    Start {
        job: Job,
        file: Option<String>,
    },
    Cancel(Target),
    /// Swap back to the plugin that served before.
    Rollback,
}

/// Which runs are to be cancelled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    All,
    Run(Uuid),
    /// The run of a job file, by its name.
    File(String),
}

/// Reads a line of stdin; an empty one asks for nothing.
pub(crate) fn from_line(line: &str, description: &Description) -> Result<Option<Order>> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(None);
    }
    if line.starts_with('{') {
        let job = JobFile::parse(line)
            .and_then(|file| Ok(job::from_file(file, description)?))
            .context("the job isn't right")?;
        return Ok(Some(Order::Start { job, file: None }));
    }
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("cancel"), Some("all"), None) => Ok(Some(Order::Cancel(Target::All))),
        (Some("cancel"), Some(guid), None) => {
            let guid = guid
                .parse()
                .with_context(|| format!("`{guid}` is not the GUID of a run"))?;
            Ok(Some(Order::Cancel(Target::Run(guid))))
        }
        (Some("rollback"), None, None) => Ok(Some(Order::Rollback)),
        _ => Err(anyhow!(
            "`{line}` is not an order: write a job file in one line, `cancel GUID`, `cancel all` or `rollback`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    const JOB: &str = r#"{ "externalId": "churn" }"#;

    fn line(line: &str) -> Result<Option<Order>> {
        from_line(line, &samples::description())
    }

    #[test]
    fn a_line_is_a_job_or_an_order() {
        assert!(matches!(
            line(JOB).unwrap(),
            Some(Order::Start { file: None, .. })
        ));
        let guid = Uuid::from_u128(7);
        assert_eq!(
            line(&format!("cancel {guid}")).unwrap(),
            Some(Order::Cancel(Target::Run(guid)))
        );
        assert_eq!(
            line(" cancel  all ").unwrap(),
            Some(Order::Cancel(Target::All))
        );
        assert_eq!(line("rollback").unwrap(), Some(Order::Rollback));
        assert_eq!(line("  ").unwrap(), None);
    }

    #[test]
    fn any_other_line_is_refused_with_what_would_be_right() {
        for line in [
            "start x",
            "cancel",
            "cancel 1 2",
            "cancel x",
            "rollback 2",
            "{",
        ] {
            assert!(from_line(line, &samples::description()).is_err(), "{line}");
        }
        let error = line("hello").unwrap_err().to_string();
        assert!(error.contains("`cancel GUID`"), "{error}");
    }
}
