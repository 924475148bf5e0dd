//! Which requests the states of many runs take, and what each run's state is.

use job_type_kit::JobType;
use job_type_kit::contract::Run;
use job_type_kit::contract::http::Request;
use job_type_kit::contract::{ErrorClass, RunState};
use job_type_kit::testing::{Answer, FakeHost, response};
use serde_json::{Value, json};

use super::*;
use crate::GlueJob;
use crate::testing::{connection, ok, refusal, run};

/// An account whose jobs have runs `jr_0`, `jr_1`, … The last run of a job is the newest.
struct Account {
    jobs: &'static [(&'static str, usize)],
    page: usize,
}

impl Account {
    fn host(self) -> FakeHost {
        FakeHost::answering_by(move |request| self.answer(request))
    }

    fn answer(&self, request: &Request) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let name = body["JobName"].as_str().unwrap();
        let Some((_, count)) = self.jobs.iter().find(|(job, _)| *job == name) else {
            return refusal("EntityNotFoundException");
        };
        if operation(request) == "GetJobRun" {
            let id = body["RunId"].as_str().unwrap();
            let number: usize = id.strip_prefix("jr_").unwrap().parse().unwrap();
            return match number < *count {
                true => ok(&json!({"JobRun": job_run(number)}).to_string()),
                false => refusal("EntityNotFoundException"),
            };
        }
        let from: usize = body["NextToken"]
            .as_str()
            .map_or(0, |token| token.parse().unwrap());
        let runs: Vec<_> = (0..*count)
            .rev()
            .skip(from)
            .take(self.page)
            .map(job_run)
            .collect();
        let to = from + runs.len();
        let token = (to < *count).then(|| to.to_string());
        ok(&json!({"JobRuns": runs, "NextToken": token}).to_string())
    }
}

/// Every third run is over.
fn job_run(number: usize) -> Value {
    let state = if number.is_multiple_of(3) {
        "FAILED"
    } else {
        "RUNNING"
    };
    json!({
        "Id": format!("jr_{number}"), "JobRunState": state, "ErrorMessage": "why", "StartedOn": 1,
        "CompletedOn": 2, "Attempt": 1,
    })
}

fn operation(request: &Request) -> String {
    let header = request.headers.iter().find(|h| h.name == "x-amz-target");
    header.unwrap().value.replace("AWSGlue.", "")
}

fn sent(host: &FakeHost, name: &str) -> usize {
    let requests = host.requests.borrow();
    requests
        .iter()
        .filter(|request| operation(request) == name)
        .count()
}

fn runs_of(job: &str, numbers: impl IntoIterator<Item = usize>) -> Vec<Run> {
    numbers
        .into_iter()
        .map(|n| run(&format!("{job}/jr_{n}")))
        .collect()
}

fn read(host: &FakeHost, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
    GlueJob::statuses(host.on(&connection(&[])), runs)
}

#[test]
fn two_hundred_runs_of_a_job_take_one_request_and_have_the_answers_of_status() {
    let account = Account {
        jobs: &[("sales", 200)],
        page: 200,
    };
    let host = account.host();
    let runs = runs_of("sales", 0..200);
    let answers = read(&host, &runs);
    assert_eq!((sent(&host, "GetJobRuns"), host.bodies().len()), (1, 1));
    for number in [0, 1, 199] {
        let alone = GlueJob::status(host.on(&connection(&[])), &runs[number]);
        assert_eq!(answers[number], alone);
    }
}

#[test]
fn a_run_that_is_alone_of_its_job_is_read_on_its_own() {
    let account = Account {
        jobs: &[("a", 1), ("b", 1)],
        page: 200,
    };
    let host = account.host();
    let answers = read(&host, &[run("a/jr_0"), run("b/jr_0"), run("a/jr_0")]);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((sent(&host, "GetJobRun"), host.bodies().len()), (2, 2));
}

#[test]
fn runs_that_are_older_than_a_page_are_read_on_their_own() {
    let account = Account {
        jobs: &[("sales", 1000)],
        page: 200,
    };
    let host = account.host();
    let runs = runs_of("sales", [0, 1, 700, 998, 999]);
    let answers = read(&host, &runs);
    let states: Vec<_> = answers.iter().map(|a| a.as_ref().unwrap().state).collect();
    let failed = [true, false, false, false, true];
    assert_eq!(
        states,
        failed.map(|f| if f {
            RunState::Failed
        } else {
            RunState::Running
        })
    );
    assert_eq!(
        (sent(&host, "GetJobRuns"), sent(&host, "GetJobRun")),
        (1, 3)
    );
}

#[test]
fn each_run_has_its_own_error_in_its_place() {
    let account = Account {
        jobs: &[("sales", 3)],
        page: 200,
    };
    let host = account.host();
    let runs = [
        "sales/jr_1",
        "sales/jr_9",
        "nothing",
        "gone/jr_1",
        "gone/jr_2",
    ]
    .map(run);
    let answers = read(&host, &runs);
    assert!(answers[0].is_ok());
    for answer in [&answers[1], &answers[3], &answers[4]] {
        assert_eq!(answer.as_ref().unwrap_err().class, ErrorClass::NotFound);
    }
    assert_eq!(answers[2].as_ref().unwrap_err().code, "InvalidRunId");
}

#[test]
fn an_error_that_every_run_would_meet_is_that_of_each() {
    for runs in [runs_of("a", 0..40), vec![run("a/jr_1"), run("b/jr_1")]] {
        let host = FakeHost::answering_by(|_| {
            Ok(response(
                403,
                &[],
                r#"{"__type": "UnrecognizedClientException"}"#,
            ))
        });
        let answers = read(&host, &runs);
        assert_eq!(answers.len(), runs.len());
        for answer in answers {
            assert_eq!(answer.unwrap_err().code, "UnrecognizedClientException");
        }
        assert!(host.bodies().len() <= 2);
    }
    let mut wrong = connection(&[]);
    wrong.region = "EU".to_owned();
    let host = FakeHost::answering([]);
    let answers = GlueJob::statuses(host.on(&wrong), &runs_of("a", 0..2));
    assert!(
        answers
            .iter()
            .all(|a| a.as_ref().unwrap_err().code == "InvalidConnection")
    );
}

#[test]
fn without_the_permission_to_list_each_run_is_read_on_its_own() {
    let account = Account {
        jobs: &[("sales", 9)],
        page: 200,
    };
    let host = FakeHost::answering_by(move |request| match operation(request).as_str() {
        "GetJobRuns" => refusal("AccessDeniedException"),
        _ => account.answer(request),
    });
    let answers = read(&host, &runs_of("sales", 0..9));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(sent(&host, "GetJobRun"), 9);
    assert!(host.logged("can't be listed"));
}

#[test]
fn a_run_that_there_is_no_time_for_has_an_error_that_is_retryable() {
    let account = Account { jobs: &[], page: 1 };
    let host = account.host();
    host.latency.set(30_000);
    let runs: Vec<_> = (0..100).map(|n| run(&format!("job{n}/jr_1"))).collect();
    let answers = read(&host, &runs);
    let late: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .filter(|error| error.code == "NoTimeLeft")
        .collect();
    assert_eq!(late.len(), 100 - 4 * TOGETHER);
    assert!(late.iter().all(|error| error.retryable));
}
