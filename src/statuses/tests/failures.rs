//! Listings and descriptions that fail, are throttled, or come too late.

use std::cell::Cell;
use std::rc::Rc;

use job_type_kit::Host;
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};
use job_type_kit::contract::{Connection, ErrorClass};
use serde_json::{Value, json};

use super::account::{Account, described, listed, ok, operation, read, refusal, run, states};
use super::*;
use crate::testing::{FakeHost, connection, response};

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
fn a_connection_that_is_wrong_is_each_runs_error() {
    let host = Account::default().host();
    let wrong = Connection {
        region: "mars 1".to_owned(),
        ..connection()
    };
    let answers = statuses(host.on(&wrong), &[run("p", "a"), run("p", "b")]);
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
fn an_error_of_one_run_is_not_that_of_the_others() {
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
    assert!(
        host.now() + 5_000 <= host.deadline(),
        "the answer takes time"
    );
}

/// A run of each pipeline: no listing tells of more than one.
#[test]
fn where_the_time_is_too_short_for_all_some_are_done_with_their_failed_steps() {
    let executions = (0..500).map(|n| (format!("p{n}"), "e".to_owned(), "Failed".to_owned()));
    let account = Account {
        executions: executions.collect(),
    };
    let runs = account.runs();
    let host = account.host();
    host.latency.set(5_000);
    let answers = read(&host, &runs);
    let done: Vec<_> = answers.iter().flatten().collect();
    assert!(done.len() > 100, "{} done", done.len());
    assert!(done.iter().all(|status| status.failed_steps.len() == 1));
}

/// An account whose runs have this many pages of steps, and the failed step on the last.
fn with_pages_of_steps(account: Account, pages: usize) -> FakeHost {
    FakeHost::answering_by(move |request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let page = body["NextToken"]
            .as_str()
            .map_or(1, |token| token.parse().unwrap());
        Ok(match operation(request).as_str() {
            "ListPipelineExecutionSteps" if page < pages => ok(&json!({
                "PipelineExecutionSteps": [{"StepName": "Prepare", "StepStatus": "Succeeded"}],
                "NextToken": (page + 1).to_string(),
            })),
            _ => account.answer(request),
        })
    })
}

/// A host doesn't ask again for a run that is over, so that what is missing then stays so.
#[test]
fn a_run_is_over_only_with_the_failed_steps_of_every_page() {
    let account = Account::default().with("p", 1_000, "Failed");
    let runs = account.runs();
    for pages in 2..5 {
        let host = with_pages_of_steps(account.clone(), pages);
        let answers = read(&host, &runs);
        let (done, left): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert!(done.len() > 200 && left.len() > 300, "{} done", done.len());
        assert!(
            done.iter()
                .all(|status| status.as_ref().unwrap().failed_steps.len() == 1)
        );
        assert!(left.into_iter().all(|error| error.unwrap_err().retryable));
    }
}

/// Else a run whose turn never comes would never be read.
#[test]
fn where_the_time_is_too_short_for_all_other_runs_are_left_in_another_call() {
    let account = Account::default().with("p", 500, "Failed");
    let runs = account.runs();
    let done = |jitter: fn(u64) -> u64| -> Vec<bool> {
        let host = account.clone().host();
        host.latency.set(5_000);
        host.jitter.set(jitter);
        read(&host, &runs).iter().map(Result::is_ok).collect()
    };
    let (begins, middles) = (done(|_| 0), done(|most| most / 2));
    let in_second_half = |done: &[bool]| done[250..].iter().filter(|done| **done).count();
    assert_eq!(in_second_half(&begins), 0);
    assert!(in_second_half(&middles) > 100);
}

#[test]
fn a_call_sends_no_more_requests_than_a_host_allows() {
    let account = Account::default().with("p", 2_000, "Failed");
    let runs = account.runs();
    let host = account.host();
    let answers = read(&host, &runs);
    // In the recommended limits.
    assert!(host.bodies().len() <= 2_000, "{}", host.bodies().len());
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
