//! A service of the tests' own, whose echoes are the runs: which requests their states take, and what
//! each run's outcome is.

use job_type_kit::contract::http::{Request, Response};
use job_type_kit::contract::{ErrorClass, RunState};
use job_type_kit::testing::{Answer, FakeHost, NOW, response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;
use crate::connection::Settings;
use crate::endpoint::Endpoint;
use crate::operation;
use crate::region::Region;
use crate::testing::ECHO;
use crate::variant::Variant;

type Id = u32;

#[derive(Serialize)]
struct ListEchoes {
    from: Id,
}

operation!(ListEchoes, Echoes);

#[derive(Deserialize)]
struct Echoes {
    echoes: Vec<Id>,
}

#[derive(Serialize)]
struct GetEcho {
    id: Id,
}

operation!(GetEcho, Echo);

#[derive(Deserialize)]
struct Echo {
    word: Option<String>,
}

/// A host whose service lists these echoes and knows every single one.
fn host(listed: impl Fn(Id) -> Answer + 'static) -> FakeHost {
    FakeHost::answering_by(move |request| match asked(request) {
        ("ListEchoes", body) => listed(id(&body["from"])),
        (_, body) => ok(&json!({"word": format!("read {}", body["id"])})),
    })
}

/// A host whose service lists nothing, and answers for each single echo.
fn host_of_each(answer: impl Fn(Id) -> Answer + 'static) -> FakeHost {
    FakeHost::answering_by(move |request| answer(id(&asked(request).1["id"])))
}

fn asked(request: &Request) -> (&'static str, Value) {
    let body = serde_json::from_slice(&request.body).unwrap();
    let is_list = request
        .headers
        .iter()
        .any(|it| it.value == "EchoService.ListEchoes");
    (if is_list { "ListEchoes" } else { "GetEcho" }, body)
}

fn id(value: &Value) -> Id {
    value.as_u64().unwrap().try_into().unwrap()
}

fn ok(body: &Value) -> Answer {
    Ok(response(200, &[], &body.to_string()))
}

fn listed(echoes: &[Id]) -> Answer {
    ok(&json!({"echoes": echoes}))
}

fn refusal(status: u16, code: &str) -> Answer {
    let body = json!({"__type": code, "Message": "why"}).to_string();
    Ok::<Response, _>(response(status, &[], &body))
}

fn client(host: &FakeHost) -> Client<'_> {
    let settings = Settings {
        region: Region::parse("eu-west-1").unwrap(),
        endpoint: Endpoint::parse("http://127.0.0.1:4566").unwrap(),
        variant: Variant::default(),
    };
    Client::new(host, &ECHO, settings)
}

fn status(word: &str, now: u64) -> RunStatus {
    RunStatus {
        platform_status: word.to_owned(),
        updated_at: Some(now),
        ..RunStatus::in_state(RunState::Running)
    }
}

fn list(polls: &mut Polls<'_, Id>, from: &[Id]) -> Result<(), Error> {
    let listings: Vec<_> = from.iter().map(|&from| ListEchoes { from }).collect();
    polls.list(&listings, |listing, page, now| {
        let word = format!("listed from {}", listing.from);
        let echoes = page.echoes.into_iter();
        echoes.map(|id| (id, status(&word, now))).collect()
    })
}

fn read_each(polls: &mut Polls<'_, Id>) -> Result<(), Error> {
    let request = |&id: &Id| GetEcho { id };
    polls.read_each(request, |_, answer, now| match answer.word {
        Some(word) => Ok(status(&word, now)),
        None => Err(ECHO.missing_member(GetEcho::NAME, "word")),
    })
}

/// How many requests are sent together.
const TOGETHER: usize = 4;

/// The outcomes for these runs, with these listings before each other run is read.
fn outcomes(host: &FakeHost, ids: &[Id], from: &[Id]) -> Vec<Result<String, Error>> {
    let ids = ids.iter().map(|id| Ok(*id)).collect();
    let outcomes = Polls::outcomes(Ok(client(host)), TOGETHER, ids, |polls| {
        list(polls, from)?;
        read_each(polls)
    });
    words(outcomes)
}

fn words(outcomes: Vec<Result<RunStatus, Error>>) -> Vec<Result<String, Error>> {
    let outcomes = outcomes.into_iter();
    outcomes
        .map(|it| it.map(|status| status.platform_status))
        .collect()
}

fn codes(outcomes: &[Result<String, Error>]) -> Vec<&str> {
    let outcomes = outcomes.iter();
    outcomes
        .map(|outcome| match outcome {
            Ok(word) => word.as_str(),
            Err(error) => error.code.as_str(),
        })
        .collect()
}

fn sent(host: &FakeHost) -> Vec<Id> {
    let requests = host.requests.borrow();
    let single = requests
        .iter()
        .map(asked)
        .filter(|(name, _)| *name == "GetEcho");
    single.map(|(_, body)| id(&body["id"])).collect()
}

#[test]
fn outcomes_are_in_the_order_of_the_runs_and_each_run_is_read_once() {
    let host = host(|_| listed(&[]));
    let outcomes = outcomes(&host, &[3, 1, 3, 2, 1], &[]);
    let expected = ["read 3", "read 1", "read 3", "read 2", "read 1"];
    assert_eq!(codes(&outcomes), expected);
    let mut sent = sent(&host);
    sent.sort_unstable();
    assert_eq!(sent, [1, 2, 3]);
}

#[test]
fn an_id_that_is_none_has_its_own_error_in_its_place() {
    let host = host(|_| listed(&[]));
    let none = || Err(Error::invalid("InvalidRunId", "is none", ""));
    let ids = vec![Ok(1), none(), Ok(2)];
    let read = Polls::outcomes(Ok(client(&host)), TOGETHER, ids, read_each);
    assert_eq!(codes(&words(read)), ["read 1", "InvalidRunId", "read 2"]);
    let refused = Error::invalid("InvalidConnection", "is wrong", "");
    let read = Polls::outcomes(Err(refused), TOGETHER, vec![Ok(1), none()], read_each);
    assert_eq!(codes(&words(read)), ["InvalidConnection", "InvalidRunId"]);
}

#[test]
fn a_run_that_a_listing_tells_is_not_read_again_and_one_that_nobody_asked_for_is_passed_over() {
    let host = host(|from| listed(&[from, from + 1, 99]));
    let outcomes = outcomes(&host, &[1, 2, 5], &[1, 2]);
    // The first listing that tells of a run counts.
    assert_eq!(
        codes(&outcomes),
        ["listed from 1", "listed from 1", "read 5"]
    );
    assert_eq!(sent(&host), [5]);
}

#[test]
fn what_is_open_are_the_runs_that_nothing_is_known_of() {
    let host = host(|from| listed(&[from]));
    let ids = [4, 2, 4, 3].map(Ok).to_vec();
    let open = |polls: &Polls<'_, Id>| polls.open().copied().collect::<Vec<_>>();
    Polls::outcomes(Ok(client(&host)), TOGETHER, ids, |polls| {
        assert_eq!(open(polls), [2, 3, 4]);
        list(polls, &[3])?;
        assert_eq!(open(polls), [2, 4]);
        Ok(())
    });
}

#[test]
fn a_listing_that_fails_is_passed_over_and_each_of_its_runs_is_read() {
    let host = host(|from| match from {
        1 => refusal(400, "AccessDeniedException"),
        _ => listed(&[from]),
    });
    let outcomes = outcomes(&host, &[1, 2], &[1, 2]);
    assert_eq!(codes(&outcomes), ["read 1", "listed from 2"]);
    assert!(host.logged("runs can't be listed, so that each is read: AccessDeniedException: why"));
}

#[test]
fn the_error_of_one_run_is_its_own_whether_the_service_refuses_or_the_answer_says_nothing() {
    let host = host_of_each(|id| match id {
        1 => refusal(400, "ResourceNotFoundException"),
        2 => ok(&json!({})),
        _ => ok(&json!({"word": "there"})),
    });
    let outcomes = outcomes(&host, &[1, 2, 3], &[]);
    let expected = ["ResourceNotFoundException", "UnreadableResponse", "there"];
    assert_eq!(codes(&outcomes), expected);
}

#[test]
fn an_error_that_every_run_would_meet_ends_the_listings_and_is_that_of_each_run_that_is_left() {
    let host = host(|from| match from {
        1 => listed(&[1]),
        _ => refusal(403, "UnrecognizedClientException"),
    });
    let outcomes = outcomes(&host, &[1, 2, 3], &[1, 2]);
    let left = "UnrecognizedClientException";
    assert_eq!(codes(&outcomes), ["listed from 1", left, left]);
    assert_eq!(sent(&host), [0; 0]);
}

#[test]
fn an_error_that_every_run_would_meet_ends_the_reading_and_what_is_known_stays() {
    let host = host_of_each(|id| match id {
        5.. => refusal(403, "UnrecognizedClientException"),
        _ => ok(&json!({"word": "there"})),
    });
    host.jitter.set(|_| 0);
    let runs: Vec<_> = (1..=12).collect();
    let outcomes = outcomes(&host, &runs, &[]);
    let known = codes(&outcomes).iter().filter(|it| **it == "there").count();
    assert_eq!((known, sent(&host).len()), (4, 2 * TOGETHER));
    for outcome in &outcomes[4..] {
        let error = outcome.as_ref().unwrap_err();
        assert_eq!(error.class, ErrorClass::Denied);
    }
}

#[test]
fn a_run_that_there_is_no_time_for_has_an_error_that_is_retryable() {
    let host = host(|_| listed(&[]));
    host.jitter.set(|_| 0);
    // Of the 120 s of the call the last 5 are for its answer, so that the third batch would begin too late.
    host.latency.set(58_000);
    let runs: Vec<_> = (0..20).collect();
    let outcomes = outcomes(&host, &runs, &[]);
    let (read, left) = outcomes.split_at(2 * TOGETHER);
    assert!(read.iter().all(Result::is_ok), "{read:?}");
    for outcome in left {
        let error = outcome.as_ref().unwrap_err();
        assert_eq!((error.code.as_str(), error.retryable), ("NoTimeLeft", true));
    }
    assert_eq!(*host.batches.borrow(), [TOGETHER; 2]);
}

#[test]
fn runs_that_nobody_reads_have_an_error_that_is_retryable() {
    let host = host(|_| listed(&[]));
    let read = Polls::outcomes(Ok(client(&host)), TOGETHER, vec![Ok(1)], |_| Ok(()));
    let error = words(read).remove(0).unwrap_err();
    assert_eq!((error.code.as_str(), error.retryable), ("NoTimeLeft", true));
    assert_eq!(host.bodies().len(), 0);
}

#[test]
fn the_reading_begins_at_a_random_run_so_that_each_call_leaves_others() {
    for (jitter, order) in [
        ((|_| 0) as fn(u64) -> u64, [0, 1, 2, 3, 4]),
        (|_| 3, [3, 4, 0, 1, 2]),
        (|most| most, [4, 0, 1, 2, 3]),
    ] {
        let host = host(|_| listed(&[]));
        host.jitter.set(jitter);
        let outcomes = outcomes(&host, &[0, 1, 2, 3, 4], &[]);
        assert_eq!(sent(&host), order);
        let words = [0, 1, 2, 3, 4].map(|id| format!("read {id}"));
        assert_eq!(codes(&outcomes), words);
    }
}

#[test]
fn a_status_is_read_at_the_hosts_time_of_its_answer() {
    let host = host(|from| listed(&[from]));
    host.latency.set(1_000);
    let ids = vec![Ok(1), Ok(2)];
    let read = Polls::outcomes(Ok(client(&host)), TOGETHER, ids, |polls| {
        list(polls, &[1])?;
        read_each(polls)
    });
    let times = read.into_iter().map(|it| it.unwrap().updated_at.unwrap());
    assert_eq!(times.collect::<Vec<_>>(), [NOW + 1_000, NOW + 2_000]);
}

#[test]
fn a_service_that_gives_no_answer_is_not_asked_for_every_run() {
    let host = host_of_each(|_| refusal(500, "InternalFailure"));
    let runs: Vec<_> = (0..200).collect();
    let outcomes = outcomes(&host, &runs, &[]);
    assert!(
        codes(&outcomes)
            .iter()
            .all(|code| *code == "InternalFailure")
    );
    // The sixteenth run without an answer is the last; each has three attempts.
    assert!(sent(&host).len() <= 3 * 16, "{}", sent(&host).len());
}
