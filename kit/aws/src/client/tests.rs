//! A client on a host that answers from a list.

use job_type_kit::contract::aws_signing::Error as SigningError;
use job_type_kit::contract::http::{Error as HttpError, ErrorKind as HttpErrorKind};
use job_type_kit::testing::{Answer, FakeHost, NOW, response};
use serde::Deserialize;

use super::*;
use crate::pace::Pace;
use crate::region::Region;
use crate::testing::ECHO;
use crate::variant::Variant;

mod bounds;

#[derive(Serialize)]
struct Ping {
    n: u32,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Pong {
    n: u32,
}

impl Operation for Ping {
    const NAME: &'static str = "Ping";
    type Output = Pong;
}

fn settings() -> Settings {
    Settings {
        region: Region::parse("eu-west-1").unwrap(),
        endpoint: Endpoint::parse("http://127.0.0.1:4566").unwrap(),
        variant: Variant::default(),
    }
}

fn client(host: &FakeHost) -> Client<'_> {
    Client::new(host, &ECHO, settings())
}

fn pong(n: u32) -> Answer {
    Ok(response(200, &[], &format!(r#"{{"n": {n}}}"#)))
}

fn refusal(code: &str) -> Answer {
    Ok(response(400, &[], &format!(r#"{{"__type": "{code}"}}"#)))
}

fn lost() -> Answer {
    Err(HttpError {
        kind: HttpErrorKind::Protocol,
        message: "cut off".to_owned(),
    })
}

fn ping(answers: impl IntoIterator<Item = Answer>) -> (Result<Pong, CallError>, FakeHost) {
    let host = FakeHost::with_answers(answers);
    let result = client(&host).call(&Ping { n: 1 });
    (result, host)
}

#[test]
fn a_request_is_aws_json_1_1() {
    let (result, host) = ping([pong(1)]);
    assert_eq!(result, Ok(Pong { n: 1 }));
    let request = &host.requests.borrow()[0];
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", "http://127.0.0.1:4566/")
    );
    let header = |name| {
        request
            .headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| header.value.as_str())
    };
    assert_eq!(header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(header("x-amz-target"), Some("EchoService.Ping"));
    assert_eq!(header("user-agent"), Some("polysync-echo/1.2.3"));
    assert_eq!(header("x-amz-date"), Some("20261101T000000Z"));
    assert!(
        header("authorization")
            .unwrap()
            .contains("/20261101/eu-west-1/echo/aws4_request")
    );
}

#[test]
fn throttling_and_transient_failures_have_three_attempts() {
    for failure in [
        refusal("ThrottlingException"),
        Ok(response(503, &[], "")),
        lost(),
    ] {
        let (result, host) = ping([failure.clone(), failure.clone(), pong(1)]);
        assert_eq!(result, Ok(Pong { n: 1 }));
        assert_eq!(host.requests.borrow().len(), 3);
        let (result, _) = ping([failure.clone(), failure.clone(), failure]);
        assert!(result.is_err());
    }
}

#[test]
fn delays_double_and_a_delay_that_the_service_names_applies() {
    let throttled = refusal("ThrottlingException");
    let (_, host) = ping([throttled.clone(), throttled.clone(), pong(1)]);
    assert_eq!(*host.sleeps.borrow(), [1_000, 2_000]);
    let (_, host) = ping([lost(), lost(), pong(1)]);
    assert_eq!(*host.sleeps.borrow(), [50, 100]);
    let named = Ok(response(503, &[("x-amz-retry-after", "1234")], ""));
    let (_, host) = ping([named, pong(1)]);
    assert_eq!(*host.sleeps.borrow(), [1_234]);
}

#[test]
fn other_refusals_are_not_tried_again() {
    for code in [
        "ConflictException",
        "TooManyEchoes",
        "ValidationException",
        "AccessDeniedException",
    ] {
        let (result, host) = ping([refusal(code)]);
        assert_eq!(result.unwrap_err().service_code(), Some(code));
        assert_eq!(host.requests.borrow().len(), 1);
    }
}

/// How often a request is sent by the policy for what must not be done twice.
fn sent_once(failure: &Answer) -> usize {
    let host = FakeHost::with_answers([failure.clone(), failure.clone(), failure.clone()]);
    let result = client(&host).call_with(retry::ONCE, &Ping { n: 1 });
    assert!(result.is_err());
    host.requests.borrow().len()
}

#[test]
fn what_may_have_been_carried_out_is_sent_once_where_that_would_do_it_twice() {
    let transport = |kind| {
        Err(HttpError {
            kind,
            message: "m".to_owned(),
        })
    };
    for failure in [
        lost(),
        transport(HttpErrorKind::Timeout),
        transport(HttpErrorKind::BodyTooLarge),
        refusal("RequestTimeout"),
        Ok(response(408, &[], "")),
        Ok(response(500, &[], "")),
        Ok(response(503, &[], "")),
        Ok(response(200, &[], "<html>")),
    ] {
        assert_eq!(sent_once(&failure), 1, "{failure:?}");
    }
}

#[test]
fn what_surely_was_not_carried_out_is_sent_again_in_any_case() {
    let transport = |kind| {
        Err(HttpError {
            kind,
            message: "m".to_owned(),
        })
    };
    for failure in [
        refusal("ThrottlingException"),
        Ok(response(429, &[], "")),
        transport(HttpErrorKind::Connect),
        transport(HttpErrorKind::Tls),
    ] {
        assert_eq!(sent_once(&failure), 3, "{failure:?}");
    }
    let host = FakeHost::with_answers([refusal("ExpiredTokenException"), pong(1)]);
    let result = client(&host).call_with(retry::ONCE, &Ping { n: 1 });
    assert_eq!(result, Ok(Pong { n: 1 }));
}

#[test]
fn an_expired_token_is_tried_once_more_with_fresh_credentials() {
    let expired = refusal("ExpiredTokenException");
    let (result, host) = ping([expired.clone(), pong(1)]);
    assert_eq!(result, Ok(Pong { n: 1 }));
    let asked = host.credentials_requests.borrow();
    let refreshes: Vec<_> = asked.iter().map(|request| request.refresh).collect();
    assert_eq!(refreshes, [false, true]);
    let (result, _) = ping([expired.clone(), expired]);
    assert_eq!(
        result.unwrap_err().service_code(),
        Some("ExpiredTokenException")
    );
}

#[test]
fn a_clock_that_is_wrong_by_hours_is_corrected_by_the_refusals_date() {
    let skewed = |date| {
        Ok(response(
            403,
            &[("date", date)],
            r#"{"__type": "InvalidSignatureException"}"#,
        ))
    };
    let (result, host) = ping([skewed("Sun, 01 Nov 2026 05:00:00 GMT"), pong(1)]);
    assert_eq!(result, Ok(Pong { n: 1 }));
    let dates: Vec<_> = host
        .requests
        .borrow()
        .iter()
        .flat_map(|r| r.headers.clone())
        .filter(|header| header.name == "x-amz-date")
        .map(|header| header.value)
        .collect();
    assert_eq!(dates, ["20261101T000000Z", "20261101T050000Z"]);

    let (result, host) = ping([skewed("Sun, 01 Nov 2026 00:00:30 GMT")]);
    assert!(result.is_err());
    assert_eq!(host.requests.borrow().len(), 1);
}

#[test]
fn nothing_is_tried_again_past_the_deadline() {
    let host = FakeHost::with_answers([refusal("ThrottlingException")]);
    host.deadline.set(NOW + 900);
    let error = client(&host).call(&Ping { n: 1 }).unwrap_err();
    assert_eq!(error.service_code(), Some("ThrottlingException"));
    host.deadline.set(NOW);
    let error = client(&host).call(&Ping { n: 1 }).unwrap_err();
    assert_eq!(error, CallError::Deadline { operation: "Ping" });
}

#[test]
fn only_the_calls_that_failed_are_sent_again_and_results_stay_in_order() {
    let host = FakeHost::with_answers([
        pong(0),
        lost(),
        pong(2),
        refusal("ValidationException"),
        pong(1),
    ]);
    let inputs: Vec<_> = (0..4).map(|n| Ping { n }).collect();
    let results = client(&host).call_many(retry::STANDARD, &inputs);
    assert_eq!(*host.batches.borrow(), [4, 1]);
    let ok: Vec<_> = results
        .iter()
        .map(|r| r.as_ref().ok().map(|p| p.n))
        .collect();
    assert_eq!(ok, [Some(0), Some(1), Some(2), None]);
}

fn ping_paced(answers: impl IntoIterator<Item = Answer>) -> (Vec<Option<u32>>, FakeHost) {
    let host = FakeHost::with_answers(answers);
    let inputs: Vec<_> = (0..4).map(|n| Ping { n }).collect();
    let mut results = vec![None; inputs.len()];
    client(&host)
        .call_paced(&mut Pace::new(3), &inputs, |index, result| {
            results[index] = Some(result?.n);
            Ok::<_, CallError>(())
        })
        .unwrap();
    (results, host)
}

#[test]
fn paced_calls_that_were_refused_are_sent_again_and_results_keep_their_inputs() {
    let throttled = || refusal("ThrottlingException");
    let (results, host) = ping_paced([pong(0), throttled(), pong(2), pong(3), pong(1)]);
    assert_eq!(*host.batches.borrow(), [3, 1, 1]);
    assert_eq!(results, [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(*host.sleeps.borrow(), [500, 500]);
    assert!(host.logged("Ping is throttled: the next 1 together in 500 ms"));
}

#[test]
fn paced_calls_wait_as_long_as_the_service_names() {
    let named = Ok(response(429, &[("x-amz-retry-after", "1234")], ""));
    let (_, host) = ping_paced([pong(0), pong(1), named, pong(2), pong(3)]);
    assert_eq!(host.sleeps.borrow().first(), Some(&1_234));
}

#[test]
fn calls_that_share_a_pace_go_on_at_it() {
    let throttled = || refusal("ThrottlingException");
    let host = FakeHost::with_answers([pong(0), throttled(), pong(1), pong(0), pong(1)]);
    let client = client(&host);
    let mut pace = Pace::new(3);
    let mut results = Vec::new();
    for _ in 0..2 {
        let inputs = [Ping { n: 0 }, Ping { n: 1 }];
        let taken = client.call_paced(&mut pace, &inputs, |_, result| {
            results.push(result?.n);
            Ok::<_, CallError>(())
        });
        taken.unwrap();
    }
    assert_eq!(results, [0, 1, 0, 1]);
    assert_eq!(*host.batches.borrow(), [2, 1, 1, 1]);
}

/// A host that breaks the contract: it returns no result for many requests.
struct NoResults {
    host: FakeHost,
    sends: Cell<u32>,
}

impl Host for NoResults {
    fn send(&self, request: &Request) -> Answer {
        self.host.send(request)
    }

    fn send_all(&self, _: &[Request]) -> Vec<Answer> {
        self.sends.set(self.sends.get() + 1);
        assert!(self.sends.get() < 10, "the client sends for ever");
        Vec::new()
    }

    fn credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        self.host.credentials(scope)
    }

    fn refresh_credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        self.host.refresh_credentials(scope)
    }

    fn now(&self) -> u64 {
        NOW
    }

    fn deadline(&self) -> u64 {
        NOW + 1_000
    }

    fn jitter(&self, max_milliseconds: u64) -> u64 {
        max_milliseconds
    }

    fn sleep(&self, _: u64) {}

    fn log(&self, _: Level, _: &str) {}
}

#[test]
fn a_request_without_a_result_is_an_error_and_is_not_sent_for_ever() {
    let host = NoResults {
        host: FakeHost::with_answers([]),
        sends: Cell::default(),
    };
    let client = Client::new(&host, &ECHO, settings());
    let results = client.call_many(retry::STANDARD, &[Ping { n: 0 }, Ping { n: 1 }]);
    assert_eq!(results.len(), 2);
    for result in results {
        assert!(result.unwrap_err().to_string().contains("fewer results"));
    }
}
