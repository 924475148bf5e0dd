//! The states of many runs, on a platform that answers from a list of executions.

use std::cell::Cell;
use std::rc::Rc;

use super::*;
use crate::testing::{FakeHost, connection, response};
use job_type_kit::contract::http::{
    Error as HttpError, ErrorKind as HttpErrorKind, Request, Response,
};
use job_type_kit::contract::{ErrorClass, RunState};
use proptest::prelude::*;
use serde_json::{Value, json};

const PREFIX: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline";

fn arn(pipeline: &str, id: &str) -> String {
    format!("{PREFIX}/{pipeline}/execution/{id}")
}

fn run(pipeline: &str, id: &str) -> Run {
    Run {
        external_id: None,
        run_id: arn(pipeline, id),
    }
}

/// The executions of an account, the newest first: pipeline, id and status.
#[derive(Debug, Clone, Default)]
struct Account {
    executions: Vec<(String, String, String)>,
}

impl Account {
    fn of(executions: &[(&str, &str, &str)]) -> Self {
        let owned = |(pipeline, id, status): &(&str, &str, &str)| {
            (pipeline.to_string(), id.to_string(), status.to_string())
        };
        Self {
            executions: executions.iter().map(owned).collect(),
        }
    }

    /// This many executions of a pipeline, `0` being the newest.
    fn with(mut self, pipeline: &str, count: usize, status: &str) -> Self {
        let first = self.executions.len();
        for n in first..first + count {
            let execution = (pipeline.to_owned(), format!("e{n}"), status.to_owned());
            self.executions.push(execution);
        }
        self
    }

    fn runs(&self) -> Vec<Run> {
        let executions = self.executions.iter();
        executions
            .map(|(pipeline, id, _)| run(pipeline, id))
            .collect()
    }

    fn host(self) -> FakeHost {
        FakeHost::answering_by(move |request| Ok(self.answer(request)))
    }

    fn answer(&self, request: &Request) -> Response {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let operation = operation(request);
        if operation == "ListPipelineExecutions" {
            return self.list(&body);
        }
        let wanted = body["PipelineExecutionArn"].as_str().unwrap();
        let found = self
            .executions
            .iter()
            .find(|(pipeline, id, _)| arn(pipeline, id).eq_ignore_ascii_case(wanted));
        match (operation.as_str(), found) {
            (_, None) => response(400, &[], r#"{"__type": "ResourceNotFound"}"#),
            ("DescribePipelineExecution", Some((_, id, status))) => ok(&json!({
                "PipelineExecutionStatus": status,
                "PipelineExecutionDisplayName": id,
                "PipelineExecutionDescription": "nightly",
                "CreationTime": 7,
            })),
            ("ListPipelineExecutionSteps", Some(_)) => ok(&json!({
                "PipelineExecutionSteps": [{"StepName": "Train", "StepStatus": "Failed"}],
            })),
            other => panic!("{other:?}"),
        }
    }

    fn list(&self, body: &Value) -> Response {
        assert_eq!(body["SortBy"], "CreationTime");
        assert_eq!(body["SortOrder"], "Descending");
        assert_eq!(body["MaxResults"], 100);
        let pipeline = body["PipelineName"].as_str().unwrap();
        let first: usize = body["NextToken"]
            .as_str()
            .map_or(0, |token| token.parse().unwrap());
        let of_pipeline = self
            .executions
            .iter()
            .filter(|(name, ..)| format!("{PREFIX}/{name}").eq_ignore_ascii_case(pipeline));
        let all: Vec<_> = of_pipeline.collect();
        let page = all.iter().skip(first).take(100).map(|(name, id, status)| {
            json!({
                "PipelineExecutionArn": arn(name, id),
                "PipelineExecutionStatus": status,
                "PipelineExecutionDisplayName": id,
                "PipelineExecutionDescription": "nightly",
                "StartTime": 7,
            })
        });
        let page: Vec<_> = page.collect();
        let next = first + page.len();
        let token = (next < all.len()).then(|| next.to_string());
        ok(&json!({"PipelineExecutionSummaries": page, "NextToken": token}))
    }
}

fn ok(body: &Value) -> Response {
    response(200, &[], &body.to_string())
}

fn operation(request: &Request) -> String {
    let target = request
        .headers
        .iter()
        .find(|header| header.name == "x-amz-target");
    target
        .unwrap()
        .value
        .trim_start_matches("SageMaker.")
        .to_owned()
}

/// How many requests of an operation were sent.
fn sent(host: &FakeHost, name: &str) -> usize {
    let requests = host.requests.borrow();
    requests
        .iter()
        .filter(|request| operation(request) == name)
        .count()
}

fn described(host: &FakeHost) -> usize {
    sent(host, "DescribePipelineExecution")
}

fn listed(host: &FakeHost) -> usize {
    sent(host, "ListPipelineExecutions")
}

fn read(host: &FakeHost, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
    statuses(host, &connection(), runs)
}

fn states(answers: &[Result<RunStatus, Error>]) -> Vec<Option<RunState>> {
    answers
        .iter()
        .map(|answer| answer.as_ref().ok().map(|status| status.state))
        .collect()
}

fn refusal(code: &str) -> Response {
    response(
        400,
        &[],
        &json!({"__type": code, "message": "no"}).to_string(),
    )
}

#[test]
fn a_hundred_executing_runs_of_a_pipeline_take_one_description_and_one_listing() {
    let account = Account::default().with("p", 100, "Executing");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    assert_eq!(states(&answers), vec![Some(RunState::Running); 100]);
    assert_eq!((described(&host), listed(&host)), (1, 1));
    assert_eq!(host.bodies().len(), 2);
}

#[test]
fn an_executing_run_has_the_status_that_a_description_gives_as_far_as_the_listing_tells() {
    let account = Account::default().with("p", 10, "Executing");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    for (run, answer) in runs.iter().zip(answers) {
        let alone = crate::status::status(&host, &connection(), run).unwrap();
        assert_eq!(answer.unwrap(), alone);
    }
    assert_eq!(listed(&host), 1);
}

#[test]
fn a_run_that_is_over_stopping_unknown_or_not_listed_is_described() {
    for (status, state) in [
        ("Succeeded", RunState::Success),
        ("Failed", RunState::Failed),
        ("Stopped", RunState::Cancelled),
        ("Stopping", RunState::Running),
        ("CompletedWithFailures", RunState::Unknown),
        ("Hibernating", RunState::Unknown),
    ] {
        let account = Account::of(&[("p", "odd", status)]).with("p", 9, "Executing");
        let mut runs = account.runs();
        runs.push(run("p", "gone"));
        let host = account.host();
        let answers = read(&host, &runs);
        let odd = answers[0].as_ref().unwrap();
        assert_eq!((odd.state, odd.platform_status.as_str()), (state, status));
        assert_eq!(states(&answers[1..10]), vec![Some(RunState::Running); 9]);
        assert_eq!(
            answers[10].as_ref().unwrap_err().class,
            ErrorClass::NotFound
        );
        assert!(listed(&host) == 1 && described(&host) <= 4, "{status}");
    }
}

#[test]
fn a_run_that_is_over_without_success_has_its_failed_steps() {
    let account = Account::of(&[
        ("p", "a", "Failed"),
        ("p", "b", "Succeeded"),
        ("p", "c", "Stopped"),
    ]);
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    let steps: Vec<_> = answers
        .iter()
        .map(|answer| answer.as_ref().unwrap().failed_steps.len())
        .collect();
    assert_eq!(steps, [1, 0, 1]);
    assert_eq!(sent(&host, "ListPipelineExecutionSteps"), 2);
}

#[test]
fn runs_that_are_all_over_take_a_description_each() {
    let account = Account::default()
        .with("p", 60, "Succeeded")
        .with("q", 60, "Succeeded");
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (120, 0));
    // The search for one that is executing doesn't take them one by one.
    assert!(
        host.batches.borrow().len() <= 15,
        "{:?}",
        host.batches.borrow()
    );
}

#[test]
fn a_run_of_each_pipeline_takes_a_description_each() {
    let executions: Vec<_> = (0..30)
        .map(|n| (format!("p{n}"), "e".to_owned(), "Executing".to_owned()))
        .collect();
    let account = Account { executions };
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (30, 0));
}

#[test]
fn what_the_first_listing_saves_pays_for_the_listings_of_the_other_pipelines() {
    let account = (0..10).fold(Account::default(), |account, n| {
        account.with(&format!("p{n}"), 100, "Executing")
    });
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (1, 10));
    assert_eq!(*host.batches.borrow(), [1, 1, 9]);
}

#[test]
fn pairs_are_listed_once_one_is_known_to_execute() {
    let account = (0..50).fold(Account::default(), |account, n| {
        account.with(&format!("p{n}"), 2, "Executing")
    });
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (2, 49));
}

#[test]
fn a_large_pipeline_is_listed_page_by_page() {
    let account = Account::default().with("p", 1_000, "Executing");
    let runs = account.runs();
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 10));
}

#[test]
fn runs_behind_newer_executions_are_searched_for_as_long_as_it_can_pay() {
    // 300 newer executions that nobody asks for.
    let account = Account::default()
        .with("p", 300, "Succeeded")
        .with("p", 100, "Executing");
    let runs = account.runs().split_off(300);
    let others = Account::default().with("q", 100, "Executing");
    let mut account = account;
    account.executions.extend(others.executions.clone());
    let host = account.clone().host();
    let all: Vec<_> = runs.iter().cloned().chain(others.runs()).collect();
    read(&host, &all);
    assert!(
        described(&host) + listed(&host) < 10,
        "{} {}",
        described(&host),
        listed(&host)
    );

    // Three runs aren't worth the pages.
    let few: Vec<_> = runs.into_iter().take(3).chain(others.runs()).collect();
    let host = account.host();
    read(&host, &few);
    assert!(
        described(&host) + listed(&host) <= 6,
        "{} {}",
        described(&host),
        listed(&host)
    );
}

#[test]
fn a_listing_that_shows_no_run_to_be_executing_is_the_last() {
    let executions = [
        ("p", "a", "Executing"),
        ("p", "b", "Succeeded"),
        ("p", "c", "Succeeded"),
        ("q", "d", "Succeeded"),
        ("q", "e", "Succeeded"),
    ];
    let account = Account::of(&executions);
    let runs = account.runs();
    let host = account.host();
    read(&host, &runs);
    assert_eq!((described(&host), listed(&host)), (5, 1));
}

#[test]
fn without_the_permission_to_list_all_are_described_and_one_line_says_what_it_would_save() {
    let account = Account::default()
        .with("p", 100, "Executing")
        .with("q", 150, "Executing");
    let runs = account.runs();
    let host = FakeHost::answering_by(move |request| {
        Ok(match operation(request).as_str() {
            "ListPipelineExecutions" => refusal("AccessDeniedException"),
            _ => account.answer(request),
        })
    });
    let answers = read(&host, &runs);
    assert_eq!(states(&answers), vec![Some(RunState::Running); 250]);
    assert_eq!((described(&host), listed(&host)), (250, 1));
    let log = host.log.borrow();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(
        log[0].contains("sagemaker:ListPipelineExecutions would save up to 247 of 250 requests"),
        "{log:?}"
    );
}

#[test]
fn a_listing_that_fails_leaves_its_runs_to_descriptions() {
    for body in [
        "<html>",
        r#"{"PipelineExecutionSummaries": [{"PipelineExecutionArn": 3}]}"#,
    ] {
        let account = Account::default().with("p", 10, "Executing");
        let runs = account.runs();
        let host = FakeHost::answering_by(move |request| {
            Ok(match operation(request).as_str() {
                "ListPipelineExecutions" => response(200, &[], body),
                _ => account.answer(request),
            })
        });
        assert!(read(&host, &runs).iter().all(Result::is_ok));
        assert_eq!((described(&host), listed(&host)), (10, 1));
        assert!(host.logged("executions can't be listed"));
    }
}

#[test]
fn a_page_that_names_its_own_token_ends_the_listing() {
    let account = Account::default().with("p", 150, "Executing");
    let runs = account.runs();
    let host = FakeHost::answering_by(move |request| {
        let mut answer = account.answer(request);
        if operation(request) == "ListPipelineExecutions" {
            let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
            body["NextToken"] = json!("100");
            answer.body = body.to_string().into_bytes();
        }
        Ok(answer)
    });
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert!(listed(&host) <= 2);
}

#[test]
fn the_case_of_an_arn_makes_no_other_run_or_pipeline() {
    let account = Account::of(&[
        ("myPipe", "abc", "Executing"),
        ("myPipe", "def", "Executing"),
        ("myPipe", "ghi", "Executing"),
    ]);
    let host = account.host();
    let runs = [
        run("myPipe", "abc"),
        run("MyPipe", "ABC"),
        run("MYPIPE", "def"),
        run("mypipe", "ghi"),
    ];
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 1));
}

#[test]
fn pipelines_whose_names_begin_alike_are_apart() {
    let account = Account::default()
        .with("p", 5, "Executing")
        .with("p-1", 5, "Executing");
    let runs = account.runs();
    let host = account.host();
    assert!(read(&host, &runs).iter().all(Result::is_ok));
    assert_eq!((described(&host), listed(&host)), (1, 2));
}

#[test]
fn a_bad_run_id_has_its_own_error_and_no_request() {
    let account = Account::of(&[("p", "a", "Executing")]);
    let bad = Run {
        external_id: None,
        run_id: "abc".to_owned(),
    };
    let runs = [bad.clone(), run("p", "a"), bad];
    let host = account.host();
    let answers = read(&host, &runs);
    assert_eq!(answers[0].as_ref().unwrap_err().code, "InvalidRunId");
    assert_eq!(states(&answers[1..]), [Some(RunState::Running), None]);
    assert_eq!(host.bodies().len(), 1);
    assert_eq!(read(&host, &[]), []);
}

#[test]
fn a_run_that_is_there_twice_is_read_once() {
    let account = Account::of(&[("p", "a", "Failed")]);
    let host = account.host();
    let answers = read(&host, &[run("p", "a"), run("p", "a")]);
    assert_eq!(answers[0], answers[1]);
    assert_eq!((described(&host), host.bodies().len()), (1, 2));
}

#[test]
fn a_connection_that_is_wrong_is_each_runs_error() {
    let host = Account::default().host();
    let wrong = Connection {
        region: "mars 1".to_owned(),
        ..connection()
    };
    let answers = statuses(&host, &wrong, &[run("p", "a"), run("p", "b")]);
    for answer in answers {
        assert_eq!(answer.unwrap_err().code, "InvalidConnection");
    }
    assert_eq!(host.bodies().len(), 0);
}

#[test]
fn an_error_that_every_run_would_meet_ends_the_requests() {
    for code in ["UnrecognizedClientException", "ExpiredTokenException"] {
        let runs = Account::default().with("p", 200, "Executing").runs();
        let host = FakeHost::answering_by(move |_| Ok(refusal(code)));
        let answers = read(&host, &runs);
        assert!(
            answers
                .iter()
                .all(|answer| answer.as_ref().unwrap_err().code == code)
        );
        assert!(host.bodies().len() <= 2, "{code}: {}", host.bodies().len());
    }
}

#[test]
fn a_platform_that_gives_no_answer_is_not_asked_for_every_run() {
    let runs = Account::default().with("p", 200, "Executing").runs();
    let lost = || {
        Err(HttpError {
            kind: HttpErrorKind::Connect,
            message: "refused".to_owned(),
        })
    };
    let host = FakeHost::answering_by(move |_| lost());
    let answers = read(&host, &runs);
    assert!(answers.iter().all(|answer| {
        let error = answer.as_ref().unwrap_err();
        (error.class, error.retryable) == (ErrorClass::Unavailable, true)
    }));
    // 16 runs in vain, each three times, and what was sent together with the last of them.
    assert!(host.bodies().len() <= 3 * 32, "{}", host.bodies().len());
}

#[test]
fn an_error_of_one_run_is_no_others() {
    for (status, code, class) in [
        (400, "AccessDeniedException", ErrorClass::Denied),
        (400, "ValidationException", ErrorClass::Invalid),
        (500, "InternalFailure", ErrorClass::Unavailable),
    ] {
        let account = Account::default().with("p", 5, "Succeeded");
        let runs = account.runs();
        let host = FakeHost::answering_by(move |request| {
            let is_bad = String::from_utf8_lossy(&request.body).contains("execution/e2\"");
            Ok(match is_bad {
                true => response(status, &[], &json!({"__type": code}).to_string()),
                false => account.answer(request),
            })
        });
        let answers = read(&host, &runs);
        let classes: Vec<_> = answers
            .iter()
            .map(|answer| answer.as_ref().err().map(|error| error.class))
            .collect();
        assert_eq!(classes, [None, None, Some(class), None, None]);
    }
}

/// An account that admits so many requests in any one second, by the clock of the host.
fn throttling(account: Account, per_second: usize) -> (FakeHost, Rc<Cell<usize>>) {
    let refused = Rc::new(Cell::new(0));
    let count = Rc::clone(&refused);
    let mut second = (String::new(), 0);
    let host = FakeHost::answering_by(move |request| {
        let date = request
            .headers
            .iter()
            .find(|header| header.name == "x-amz-date")
            .unwrap();
        if date.value != second.0 {
            second = (date.value.clone(), 0);
        }
        second.1 += 1;
        if second.1 > per_second {
            count.set(count.get() + 1);
            return Ok(refusal("ThrottlingException"));
        }
        Ok(account.answer(request))
    });
    (host, refused)
}

#[test]
fn throttling_slows_down_until_every_run_is_read() {
    let account = (0..30).fold(Account::default(), |account, n| {
        account.with(
            &format!("p{n}"),
            10,
            if n < 10 { "Failed" } else { "Executing" },
        )
    });
    let runs = account.runs();
    let (host, refused) = throttling(account, 10);
    let answers = read(&host, &runs);
    assert!(answers.iter().all(Result::is_ok));
    assert!(answers[0].as_ref().unwrap().failed_steps.len() == 1);
    assert!(refused.get() > 0);
}

#[test]
fn runs_that_there_is_no_time_for_have_an_error_that_is_retryable() {
    let account = Account::default().with("p", 500, "Failed");
    let runs = account.runs();
    let host = account.host();
    host.latency.set(5_000);
    let answers = read(&host, &runs);
    let (done, left): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    // 120 s less 5 s for the answer: 23 batches.
    assert!(done.len() > 100 && left.len() > 100, "{} done", done.len());
    for error in left.into_iter().map(Result::unwrap_err) {
        assert_eq!((error.code.as_str(), error.retryable), ("NoTimeLeft", true));
    }
    // Whoever is done has the steps to blame: nobody asks for them later.
    assert!(
        done.iter()
            .all(|status| status.as_ref().unwrap().failed_steps.len() == 1)
    );
    assert!(host.now() <= host.deadline());
}

#[test]
fn a_call_sends_no_more_requests_than_a_host_allows() {
    let account = Account::default().with("p", 1_000, "Failed");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    assert!(host.bodies().len() <= MOST_REQUESTS);
    let done = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(done >= 700, "{done}");
}

#[test]
fn the_failed_steps_of_an_answer_are_bounded() {
    let account = Account::default().with("p", 200, "Failed");
    let runs = account.runs();
    let steps: Vec<_> = (0..100)
        .map(|n| json!({"StepName": format!("s{n}"), "StepStatus": "Failed"}))
        .collect();
    let steps = json!({"PipelineExecutionSteps": steps});
    let host = FakeHost::answering_by(move |request| {
        Ok(match operation(request).as_str() {
            "ListPipelineExecutionSteps" => ok(&steps),
            _ => account.answer(request),
        })
    });
    let answers = read(&host, &runs);
    let done: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .collect();
    assert!(done.iter().all(|status| status.failed_steps.len() == 100));
    assert_eq!(done.len(), 40);
}

const STATUSES: [&str; 7] = [
    "Executing",
    "Executing",
    "Executing",
    "Stopping",
    "Succeeded",
    "Failed",
    "absent",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A listing that doesn't pay is one request more at most: nobody can know it beforehand.
    #[test]
    fn every_run_has_the_state_that_a_single_poll_gives_for_no_more_requests(
        drawn in prop::collection::vec((0..6_usize, 0..STATUSES.len(), any::<bool>()), 0..300),
    ) {
        let mut account = Account::default();
        let mut runs = Vec::new();
        for (n, (pipeline, status, is_asked)) in drawn.into_iter().enumerate() {
            let (pipeline, id) = (format!("p{pipeline}"), format!("e{n}"));
            if is_asked {
                runs.push(run(&pipeline, &id));
            }
            if STATUSES[status] != "absent" {
                account.executions.push((pipeline, id, STATUSES[status].to_owned()));
            }
        }
        let single = account.clone().host();
        let expected: Vec<_> = runs.iter().map(|run| crate::status::status(&single, &connection(), run)).collect();
        let host = account.host();
        let answers = read(&host, &runs);
        prop_assert_eq!(answers, expected);
        prop_assert!(described(&host) + listed(&host) <= runs.len() + 1 + runs.len() / 100);
        let steps = "ListPipelineExecutionSteps";
        prop_assert_eq!(sent(&host, steps), sent(&single, steps));
    }
}
