//! What `serve` can be asked for, and how it is written on stdin and in files of orders.

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use polysync_host::contract::{Description, Job};
use polysync_host::text;
use uuid::Uuid;

use crate::job;
use crate::job::file::JobFile;

/// How much of a line an error repeats, in bytes.
const EXCERPT: usize = 200;

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    /// A run of this job. The job of a file is run once, however the run ends.
    Start {
        job: Job,
        file: Option<String>,
    },
    Cancel(Target),
    /// Run again what failed in this run.
    Retry(Uuid),
    /// Take this run of the platform for the one that may have been started.
    Adopt {
        guid: Uuid,
        run_id: String,
    },
    /// Swap back to the plugin that served before.
    Rollback,
    /// Swap the plugin's file in, whatever is known about it.
    Swap,
}

/// Which runs are to be cancelled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    All,
    Run(Uuid),
    /// The run of a job file, by its name.
    File {
        name: String,
        /// When the file that asks for it was last changed.
        changed_at: Option<Timestamp>,
    },
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
    if let Some((guid, run_id)) = adoption(line) {
        let guid = self::guid(guid)?;
        let run_id = run_id.to_owned();
        return Ok(Some(Order::Adopt { guid, run_id }));
    }
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("cancel"), Some("all"), None) => Ok(Some(Order::Cancel(Target::All))),
        (Some("cancel"), Some(run), None) => Ok(Some(Order::Cancel(Target::Run(guid(run)?)))),
        (Some("retry"), Some(run), None) => Ok(Some(Order::Retry(guid(run)?))),
        (Some("rollback"), None, None) => Ok(Some(Order::Rollback)),
        (Some("swap"), None, None) => Ok(Some(Order::Swap)),
        _ => Err(anyhow!(
            "`{}` is not an order: write a job file in one line, `cancel GUID`, `cancel all`, \
             `retry GUID`, `adopt GUID RUN-ID`, `rollback` or `swap`",
            text::line(line, EXCERPT)
        )),
    }
}

/// The run of the ledger and the run id of an order to adopt. A run id may have spaces, so it is the rest
/// of the line.
fn adoption(line: &str) -> Option<(&str, &str)> {
    let (order, rest) = line.split_once(char::is_whitespace)?;
    let (guid, run_id) = rest.trim_start().split_once(char::is_whitespace)?;
    (order == "adopt").then(|| (guid, run_id.trim_start()))
}

fn guid(word: &str) -> Result<Uuid> {
    word.parse()
        .with_context(|| format!("`{}` is not the GUID of a run", text::line(word, EXCERPT)))
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
        assert_eq!(
            line(&format!("retry {guid}")).unwrap(),
            Some(Order::Retry(guid))
        );
        for run_id in ["arn:run/1", "run 1  of 2"] {
            let adopt = Order::Adopt {
                guid,
                run_id: run_id.into(),
            };
            let adopted = line(&format!("adopt  {guid}  {run_id} "));
            assert_eq!(adopted.unwrap(), Some(adopt));
        }
        assert_eq!(line("rollback").unwrap(), Some(Order::Rollback));
        assert_eq!(line("swap").unwrap(), Some(Order::Swap));
        assert_eq!(line("  ").unwrap(), None);
    }

    #[test]
    fn any_other_line_is_refused_with_what_would_be_right() {
        for line in [
            "start x",
            "cancel",
            "cancel 1 2",
            "cancel x",
            "retry",
            "retry x",
            "adopt",
            "adopt 00000000-0000-0000-0000-000000000007",
            "adopt x run-1",
            "rollback 2",
            "swap x",
            "{",
        ] {
            assert!(from_line(line, &samples::description()).is_err(), "{line}");
        }
        let error = line("hello").unwrap_err().to_string();
        assert!(error.contains("`cancel GUID`"), "{error}");
    }
}
