//! What `serve` can be asked for, and how it is written on stdin and in files of orders.

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use polysync_host::text;
use uuid::Uuid;

use super::serving_plugins::{ServingPlugins, TypedJob};
use crate::job::file::JobFile;

/// How much of a line an error repeats, in bytes.
const EXCERPT: usize = 200;

/// What is asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    /// A run of this job. The job of a file is run once, however the run ends.
    Start {
        job: TypedJob,
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
    /// Swap back to the plugin that served this job type before.
    Rollback(String),
    /// Swap in the file of this job type's plugin, whatever is known about it.
    Swap(String),
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
pub(crate) fn from_line(line: &str, plugins: &ServingPlugins) -> Result<Option<Order>> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(None);
    }
    if line.starts_with('{') {
        let job = JobFile::parse(line)
            .and_then(|file| plugins.job(file))
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
        (Some(order @ ("rollback" | "swap")), id, None) => {
            let job_type = plugins.job_type_of_order(order, id)?;
            Ok(Some(match order {
                "swap" => Order::Swap(job_type),
                _ => Order::Rollback(job_type),
            }))
        }
        _ => Err(anyhow!(
            "`{}` is not an order: write a job file in one line, `cancel GUID`, `cancel all`, \
             `retry GUID`, `adopt GUID RUN-ID`, `rollback` or `swap`, the last two with the id of a job \
             type where there are several",
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
        from_line(line, &samples::serving_plugins(&["a"]))
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
        assert_eq!(line("rollback").unwrap(), Some(Order::Rollback("a".into())));
        assert_eq!(line(" swap  a").unwrap(), Some(Order::Swap("a".into())));
        assert_eq!(line("  ").unwrap(), None);
    }

    #[test]
    fn where_there_are_several_job_types_a_job_and_an_order_is_for_the_one_that_it_names() {
        let line = |line: &str| from_line(line, &samples::serving_plugins(&["a", "b"]));
        let job = line(r#"{ "jobType": "b", "externalId": "churn" }"#).unwrap();
        assert!(
            matches!(&job, Some(Order::Start { job, .. }) if job.job_type == "b"),
            "{job:?}"
        );
        assert_eq!(
            line("rollback b").unwrap(),
            Some(Order::Rollback("b".into()))
        );
        assert_eq!(line("swap a").unwrap(), Some(Order::Swap("a".into())));
        for unclear in [JOB, "rollback", "swap", "swap c", "swap a b"] {
            assert!(line(unclear).is_err(), "{unclear}");
        }
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
            assert!(super::tests::line(line).is_err(), "{line}");
        }
        let error = line("hello").unwrap_err().to_string();
        assert!(error.contains("`cancel GUID`"), "{error}");
    }
}
