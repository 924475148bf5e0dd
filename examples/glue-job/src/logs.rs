//! Reads what a run wrote to CloudWatch Logs.

use aws_kit::client::Client;
use aws_kit::logs::{self, Group, Log};
use job_type_kit::contract::{Error, LogPage, LogPosition};
use job_type_kit::{RunOfJob as RunId, non_blank};

use crate::status;

/// The group of a run that names none.
const GROUP: &str = "/aws-glue/jobs";

/// What follows the name of the group: what the script writes, and what Glue and the script's errors do.
const PARTS: [&str; 2] = ["/output", "/error"];

/// How far the clocks of Glue, of its machines and of CloudWatch Logs may be apart, in milliseconds. Not
/// more: a later attempt of Glue's writes to streams that begin with this run's id, too.
const CLOCKS_APART: u64 = 60 * 1000;

/// One page of what a run wrote.
///
/// # Errors
/// `InvalidCursor` before any request, `LogNotFound`, or the error of a request.
pub fn logs(
    (glue, logs): (Client<'_>, Client<'_>),
    run_id: &RunId,
    position: &LogPosition,
) -> Result<LogPage, Error> {
    // A job may name any group, and Glue adds the part.
    let is_own = |group: &str| PARTS.iter().any(|part| group.ends_with(part));
    logs::page(&logs, position, is_own, || log(&glue, run_id))
}

/// Where a run writes.
fn log(client: &Client<'_>, run_id: &RunId) -> Result<Log, Error> {
    let run = status::read(client, run_id)?;
    let (_, is_over) = status::state(&run);
    let name = non_blank(run.log_group_name).unwrap_or_else(|| GROUP.to_owned());
    let group = |part: &str| Group {
        name: [name.as_str(), part].concat(),
        stream_prefix: Some(run_id.id.clone()),
    };
    let (began, ended) = (run.started_on, run.completed_on.filter(|_| is_over));
    Ok(Log {
        groups: PARTS.map(group).to_vec(),
        from: began.map(|began| began.saturating_sub(CLOCKS_APART)),
        until: ended.map(|ended| ended.saturating_add(CLOCKS_APART)),
        is_over,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GlueJob;
    use crate::testing::{connection, ok, refusal, run};
    use job_type_kit::JobType;
    use job_type_kit::contract::ErrorClass;
    use job_type_kit::testing::{Answer, FakeHost};

    fn read(
        answers: impl IntoIterator<Item = Answer>,
        position: &LogPosition,
    ) -> (Result<LogPage, Error>, Vec<String>) {
        let host = FakeHost::with_answers(answers);
        let page = GlueJob::logs(
            host.on(&connection(&[])),
            &run("sales/jr_1"),
            "run",
            position,
        );
        (page, host.bodies())
    }

    fn job_run(rest: &str) -> Answer {
        ok(&format!(
            r#"{{"JobRun": {{"StartedOn": 1000, "JobRunState": {rest}}}}}"#
        ))
    }

    fn event(time: u64, message: &str) -> Answer {
        ok(&format!(
            r#"{{"events": [{{"logStreamName": "jr_1_g-2", "timestamp": {time}, "message": "{message}"}}]}}"#
        ))
    }

    #[test]
    fn output_and_errors_of_the_run_are_read_together_in_order_of_time() {
        let answers = [
            job_run(r#""SUCCEEDED", "CompletedOn": 2000, "LogGroupName": "/own""#),
            event(2_000_000, "out"),
            event(1_500_000, "err"),
        ];
        let (page, bodies) = read(answers, &LogPosition::Oldest);
        let page = page.unwrap();
        let lines: Vec<_> = page
            .lines
            .iter()
            .map(|l| (l.source.as_str(), l.message.as_str()))
            .collect();
        assert_eq!(lines, [("error/_g-2", "err"), ("output/_g-2", "out")]);
        for (body, group) in bodies[1..].iter().zip(["/own/output", "/own/error"]) {
            let range = r#""startTime":940000,"endTime":2060000"#;
            let prefix = r#""logStreamNamePrefix":"jr_1""#;
            for part in [group, prefix, range] {
                assert!(body.contains(part), "{body}");
            }
        }
        let after = LogPosition::After(page.cursor);
        let (page, bodies) = read([ok("{}"), ok("{}")], &after);
        assert_eq!((page.unwrap().lines, bodies.len()), (vec![], 2));
    }

    #[test]
    fn a_run_that_names_no_group_writes_to_that_of_all_jobs() {
        for position in [LogPosition::Oldest, LogPosition::Last(5)] {
            let answers = [job_run(r#""RUNNING""#), event(1, "a"), event(2, "b")];
            let (_, bodies) = read(answers, &position);
            assert!(bodies[1].contains("/aws-glue/jobs/output"), "{bodies:?}");
            assert!(bodies[2].contains("/aws-glue/jobs/error"), "{bodies:?}");
            assert!(!bodies[1].contains("endTime"));
        }
    }

    #[test]
    fn a_log_that_may_still_come_is_not_found_for_now() {
        for (state, retryable) in [("RUNNING", true), ("FAILED", false)] {
            let missing = || refusal("ResourceNotFoundException");
            let answers = [job_run(&format!("{state:?}")), missing(), missing()];
            let error = read(answers, &LogPosition::Oldest).0.unwrap_err();
            assert_eq!(
                (error.class, error.retryable),
                (ErrorClass::NotFound, retryable)
            );
        }
    }

    #[test]
    fn another_step_or_a_cursor_of_another_group_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let oldest = LogPosition::Oldest;
        let error =
            GlueJob::logs(host.on(&connection(&[])), &run("sales/jr_1"), "x", &oldest).unwrap_err();
        assert_eq!(error.code, "StepNotFound");
        let other = r#"{"places":[{"group":"/aws/lambda/f"}]}"#;
        let (page, _) = read([], &LogPosition::After(other.to_owned()));
        assert_eq!(page.unwrap_err().code, "InvalidCursor");
    }
}
