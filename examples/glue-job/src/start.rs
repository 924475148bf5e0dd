//! Starts a run: job → StartJobRun → run id. Where the answer was lost, finds the runs that may be the one
//! that was asked for.

use aws_kit::client::{Client, Doubt};
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, Job, StartedRun};
use job_type_kit::{Context, RunOfJob as RunId};

use crate::api::{GetJobRuns, JobRun, RUNS, StartJobRun};
use crate::service::GLUE;
use crate::validate::plan;

/// How far Glue's clock and the host's may be apart, in milliseconds: AWS refuses the signature of a
/// request whose time is further off.
const CLOCKS_APART: u64 = 5 * 60 * 1000;

/// Starts a run. StartJobRun takes no token, so that a request that may have been carried out is never
/// sent again.
///
/// # Errors
/// `InvalidJob` before any request, one of class `uncertain` where a run may have been started, or the
/// refusal.
pub fn start(context: Context<'_>, job: &Job) -> Result<StartedRun, Error> {
    let (endpoints, request) = plan(context.connection, job)?;
    let client = Client::new(context.host, &GLUE, endpoints.main);
    let run_id = client.ask_once(
        &request,
        |answer| RunId::new(&request.job_name, &answer.job_run_id?),
        |began| doubt(&client, &request, began),
    );
    let run_id = run_id.map_err(|error| match error.code.as_str() {
        // A run that is over makes room for another one.
        "ConcurrentRunsExceededException" => error.retryable(),
        _ => error,
    });
    run_id.map(Into::into)
}

/// The runs that have begun since `began` with the same arguments, and how to look for more. There are
/// none where they can't be listed. One page has them: no job begins 200 runs in the meantime.
fn doubt(client: &Client<'_>, request: &StartJobRun, began: u64) -> Doubt {
    let job_name = request.job_name.clone();
    let hint = format!(
        "Look at the job's runs first: each candidate-run-id is one that began since with the same \
         arguments, and `aws glue get-job-runs` in {} shows all of the job, the new one sometimes a little \
         later. If one of them is yours, adopt it. If none is there after a few minutes, \
         start the job anew.",
        client.region().as_str(),
    );
    let listing = GetJobRuns {
        job_name,
        max_results: RUNS,
    };
    let runs = client.call(&listing).map(|page| page.job_runs);
    let runs = runs.unwrap_or_else(|error| {
        let text = format!("the runs that may have been started can't be listed: {error}");
        client.host().log(Level::Warn, &text);
        Vec::new()
    });
    let since = began.saturating_sub(CLOCKS_APART);
    let candidates = runs
        .iter()
        .filter(|run| run.started_on >= Some(since) && has_arguments(run, request))
        .filter_map(|run| RunId::new(&request.job_name, run.id.as_deref()?));
    Doubt {
        candidates: candidates.map(Into::into).collect(),
        hint,
    }
}

/// Whether a run has each argument of the request. It may have those of the definition beside them.
fn has_arguments(run: &JobRun, request: &StartJobRun) -> bool {
    let value = |name| run.arguments.as_ref()?.get(name)?.as_ref();
    let mut arguments = request.arguments.iter();
    arguments.all(|(name, sent)| value(name) == Some(sent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{connection, job, lost, ok, refusal};
    use job_type_kit::contract::Attribute;
    use job_type_kit::contract::ErrorClass;
    use job_type_kit::contract::http::ErrorKind;
    use job_type_kit::testing::{Answer, FakeHost, NOW, response};

    fn run_of(answers: impl IntoIterator<Item = Answer>) -> (Result<StartedRun, Error>, FakeHost) {
        let host = FakeHost::with_answers(answers);
        let job = job(&[("worker-type", "G.1X")], &[("day", "1")]);
        let started = start(
            host.on(&connection(&[("default-timeout-minutes", "30")])),
            &job,
        );
        (started, host)
    }

    fn operations(host: &FakeHost) -> Vec<String> {
        let requests = host.requests.borrow();
        let target = |name: &str| name == "x-amz-target";
        let targets = requests.iter().flat_map(|request| &request.headers);
        targets
            .filter(|header| target(&header.name))
            .map(|header| header.value.clone())
            .collect()
    }

    #[test]
    fn a_start_sends_the_job_and_gives_a_run_id_with_its_name() {
        let (started, host) = run_of([ok(r#"{"JobRunId": "jr_1"}"#)]);
        let started = started.unwrap();
        assert_eq!(started.run_id, "sales/jr_1");
        assert_eq!(
            host.bodies(),
            [r#"{"JobName":"sales","Arguments":{"--day":"1"},"WorkerType":"G.1X","Timeout":30}"#]
        );
    }

    #[test]
    fn what_surely_was_not_carried_out_is_sent_again() {
        for failure in [
            refusal("ThrottlingException"),
            lost(ErrorKind::Connect),
            lost(ErrorKind::Tls),
        ] {
            let (started, host) = run_of([failure, ok(r#"{"JobRunId": "jr_1"}"#)]);
            assert_eq!(started.unwrap().run_id, "sales/jr_1");
            assert_eq!(operations(&host), ["AWSGlue.StartJobRun"; 2]);
        }
    }

    #[test]
    fn what_may_have_been_carried_out_is_uncertain_and_not_sent_again() {
        for failure in [
            lost(ErrorKind::Timeout),
            lost(ErrorKind::Protocol),
            lost(ErrorKind::BodyTooLarge),
            refusal("OperationTimeoutException"),
            refusal("InternalServiceException"),
            Ok(response(503, &[], "")),
            ok("<html>"),
            ok("{}"),
            ok(r#"{"JobRunId": "a/b"}"#),
        ] {
            let (started, host) = run_of([failure.clone(), ok(r#"{"JobRuns": []}"#)]);
            let error = started.unwrap_err();
            assert_eq!(error.class, ErrorClass::Uncertain, "{failure:?}");
            assert!(!error.retryable);
            assert_eq!(
                operations(&host),
                ["AWSGlue.StartJobRun", "AWSGlue.GetJobRuns"]
            );
        }
    }

    #[test]
    fn the_runs_that_began_since_with_the_same_arguments_are_the_candidates() {
        let now = NOW / 1000;
        let run = |id: &str, began: u64, day: &str| {
            format!(
                r#"{{"Id": "{id}", "StartedOn": {began}.5, "Arguments": {{"--day": "{day}", "--default": "x"}}}}"#
            )
        };
        let runs = [
            run("jr_new", now + 1, "1"),
            run("jr_other", now + 1, "2"),
            run("jr_clock", now - 200, "1"),
            run("jr_old", now - 3600, "1"),
            r#"{"Id": "jr_untold"}"#.to_owned(),
        ];
        let body = format!(r#"{{"JobRuns": [{}], "NextToken": "t"}}"#, runs.join(","));
        let (started, host) = run_of([lost(ErrorKind::Timeout), ok(&body)]);
        let error = started.unwrap_err();
        let candidate = |id: &str| Attribute::new("candidate-run-id", format!("sales/{id}"));
        assert_eq!(error.details, ["jr_new", "jr_clock"].map(candidate));
        assert_eq!(host.bodies()[1], r#"{"JobName":"sales","MaxResults":200}"#);
        for word in ["adopt", "anew", "get-job-runs"] {
            assert!(error.hint.contains(word), "{}", error.hint);
        }
    }

    #[test]
    fn a_start_stays_uncertain_where_the_runs_can_not_be_listed() {
        let (started, host) = run_of([lost(ErrorKind::Timeout), refusal("AccessDeniedException")]);
        let error = started.unwrap_err();
        assert_eq!(
            (error.class, error.details),
            (ErrorClass::Uncertain, vec![])
        );
        assert!(host.logged("AccessDeniedException"));
    }

    #[test]
    fn too_many_runs_at_once_is_a_limit_that_passes_and_a_quota_is_not_said_to() {
        for (code, retryable) in [
            ("ConcurrentRunsExceededException", true),
            ("ResourceNumberLimitExceededException", false),
        ] {
            let (started, host) = run_of([refusal(code)]);
            let error = started.unwrap_err();
            assert_eq!(
                (error.class, error.retryable),
                (ErrorClass::Limit, retryable)
            );
            assert_eq!(host.bodies().len(), 1);
        }
    }

    #[test]
    fn a_job_that_is_wrong_is_not_sent() {
        let host = FakeHost::answering([]);
        let job = job(&[("worker-type", "huge")], &[]);
        let error = start(host.on(&connection(&[])), &job).unwrap_err();
        assert_eq!(error.code, "InvalidJob");
    }
}
