//! One orchestrator for all calls to the service: sign, send, parse, and decide whether to try
//! again. It lives for one call of the host's; what it learns (the clock's error, that credentials
//! had to be renewed) goes with it.

use super::datetime::amz_date;
use super::endpoint::Endpoint;
use super::error::CallError;
use super::response;
use super::retry::{self, Policy, Retryability};
use super::sigv4::{self, Signable};
use crate::host::{Freshness, Host, HttpRequest, Level, Scope, SigningCredentials};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;

/// One operation of a service, as its API model has it: the type is its input.
pub trait Operation: Serialize {
    /// For example `ListPipelines`.
    const NAME: &'static str;
    /// What it answers.
    type Output: DeserializeOwned;
}

/// What a service is called in requests.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// In the credential scope.
    pub signing_name: &'static str,
    /// In `x-amz-target`, before the operation.
    pub target_prefix: &'static str,
}

/// Calls one service in one region.
pub struct Client<'a> {
    host: &'a dyn Host,
    service: Service,
    region: String,
    endpoint: Endpoint,
    /// What to add to the host's time to get the service's, in milliseconds.
    clock_offset: Cell<i64>,
    freshness: Cell<Freshness>,
}

const USER_AGENT: &str = concat!("polysync-sagemaker-pipeline/", env!("CARGO_PKG_VERSION"));

impl<'a> Client<'a> {
    /// A client for one call of the host's.
    pub fn new(host: &'a dyn Host, service: Service, region: String, endpoint: Endpoint) -> Self {
        Self {
            host,
            service,
            region,
            endpoint,
            clock_offset: Cell::new(0),
            freshness: Cell::new(Freshness::Cached),
        }
    }

    /// The host that this client works through.
    pub fn host(&self) -> &'a dyn Host {
        self.host
    }

    /// Where it sends its requests to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Calls one operation, by the standard policy.
    pub fn call<O: Operation>(&self, input: &O) -> Result<O::Output, CallError> {
        self.call_with(retry::STANDARD, input)
    }

    /// Calls one operation.
    pub fn call_with<O: Operation>(
        &self,
        policy: Policy,
        input: &O,
    ) -> Result<O::Output, CallError> {
        self.call_many(policy, std::slice::from_ref(input))
            .pop()
            .unwrap_or(Err(CallError::Deadline { operation: O::NAME }))
    }

    /// Calls one operation with several inputs, together; each fails and is tried again on its own.
    /// Results are in the order of the inputs.
    pub fn call_many<O: Operation>(
        &self,
        policy: Policy,
        inputs: &[O],
    ) -> Vec<Result<O::Output, CallError>> {
        let mut results: Vec<Option<Result<O::Output, CallError>>> =
            inputs.iter().map(|_| None).collect();
        let mut pending: Vec<Pending<'_, O>> = inputs
            .iter()
            .enumerate()
            .map(|(index, input)| Pending::new(index, input))
            .collect();
        let mut delay = 0;
        while !pending.is_empty() {
            if self.host.now().saturating_add(delay) >= self.host.deadline() {
                for call in pending.drain(..) {
                    let error = call
                        .last_error
                        .unwrap_or(CallError::Deadline { operation: O::NAME });
                    set(&mut results, call.index, Err(error));
                }
                break;
            }
            if delay > 0 {
                self.host.sleep(delay);
                delay = 0;
            }
            let signed_at = self.service_time();
            let responses = match self.sign_and_send(&pending, signed_at) {
                Ok(responses) => responses,
                Err(error) => {
                    for call in pending.drain(..) {
                        set(&mut results, call.index, Err(error.clone()));
                    }
                    break;
                }
            };
            let mut again = Vec::new();
            for (mut call, outcome) in pending.into_iter().zip(responses) {
                match outcome {
                    Ok(output) => set(&mut results, call.index, Ok(output)),
                    Err(error) => match self.next_attempt(policy, &mut call, &error, signed_at) {
                        Some(wait) => {
                            self.host.log(
                                Level::Warn,
                                &format!(
                                    "{} is tried again in {wait} ms, after attempt {}: {error}",
                                    O::NAME,
                                    call.attempts_made
                                ),
                            );
                            delay = delay.max(wait);
                            call.last_error = Some(error);
                            again.push(call);
                        }
                        None => set(&mut results, call.index, Err(error)),
                    },
                }
            }
            pending = again;
        }
        results
            .into_iter()
            .map(|result| result.unwrap_or(Err(CallError::Deadline { operation: O::NAME })))
            .collect()
    }

    /// How long to wait before trying again, in milliseconds; none if that is of no use.
    fn next_attempt<O: Operation>(
        &self,
        policy: Policy,
        call: &mut Pending<'_, O>,
        error: &CallError,
        signed_at: u64,
    ) -> Option<u64> {
        call.attempts_made += 1;
        let retryability = retry::classify(error, signed_at);
        let allowed = match retryability {
            Retryability::Throttled | Retryability::Transient => {
                call.attempts_made < policy.attempts
            }
            Retryability::Conflict => call.attempts_made < policy.conflict_attempts,
            Retryability::ExpiredToken => !std::mem::replace(&mut call.token_renewed, true),
            Retryability::ClockSkew { .. } => !std::mem::replace(&mut call.clock_corrected, true),
            Retryability::No => false,
        };
        if !allowed {
            return None;
        }
        match retryability {
            Retryability::ExpiredToken => self.freshness.set(Freshness::Renewed),
            Retryability::ClockSkew { service_time } => {
                let offset = i128::from(service_time) - i128::from(self.host.now());
                self.clock_offset.set(i64::try_from(offset).unwrap_or(0));
            }
            _ => {}
        }
        let asked_for = match error {
            CallError::Service(error) => error.retry_after_milliseconds,
            _ => None,
        };
        let longest = retry::longest_delay(retryability, call.attempts_made);
        Some(asked_for.unwrap_or_else(|| self.host.jitter(longest)))
    }

    fn sign_and_send<O: Operation>(
        &self,
        calls: &[Pending<'_, O>],
        signed_at: u64,
    ) -> Result<Vec<Result<O::Output, CallError>>, CallError> {
        let date = amz_date(signed_at);
        let scope = Scope {
            date: date.get(..8).unwrap_or_default().to_owned(),
            region: self.region.clone(),
            service: self.service.signing_name,
        };
        // Renewing once is enough for all the requests that follow.
        let freshness = self.freshness.replace(Freshness::Cached);
        let credentials = self
            .host
            .signing_credentials(&scope, freshness)
            .map_err(CallError::Credentials)?;
        let requests = calls
            .iter()
            .map(|call| self.request(call.input, &credentials, &scope, &date))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self
            .host
            .send_all(requests)
            .into_iter()
            .map(|result| match result {
                Ok(answer) => response::parse(O::NAME, &answer),
                Err(error) => Err(CallError::Transport(error)),
            })
            .collect())
    }

    fn request<O: Operation>(
        &self,
        input: &O,
        credentials: &SigningCredentials,
        scope: &Scope,
        date: &str,
    ) -> Result<HttpRequest, CallError> {
        let body = serde_json::to_vec(input).map_err(|error| CallError::Garbled {
            operation: O::NAME,
            reason: format!("the request can't be written as JSON: {error}"),
            request_id: None,
        })?;
        let target = format!("{}.{}", self.service.target_prefix, O::NAME);
        let mut headers = vec![
            ("content-type", "application/x-amz-json-1.1".to_owned()),
            ("user-agent", USER_AGENT.to_owned()),
        ];
        headers.extend(sigv4::sign(
            &Signable {
                path: &self.endpoint.path,
                headers: &[
                    ("content-type", "application/x-amz-json-1.1"),
                    ("host", &self.endpoint.host),
                    ("x-amz-target", &target),
                ],
                body: &body,
            },
            credentials,
            scope,
            date,
        ));
        headers.push(("x-amz-target", target));
        Ok(HttpRequest {
            method: "POST",
            url: self.endpoint.url.clone(),
            headers,
            body,
        })
    }

    fn service_time(&self) -> u64 {
        self.host
            .now()
            .saturating_add_signed(self.clock_offset.get())
    }
}

/// An input that has no result yet.
struct Pending<'i, O> {
    index: usize,
    input: &'i O,
    attempts_made: u32,
    token_renewed: bool,
    clock_corrected: bool,
    last_error: Option<CallError>,
}

impl<'i, O> Pending<'i, O> {
    fn new(index: usize, input: &'i O) -> Self {
        Self {
            index,
            input,
            attempts_made: 0,
            token_renewed: false,
            clock_corrected: false,
            last_error: None,
        }
    }
}

fn set<T>(results: &mut [Option<T>], index: usize, value: T) {
    if let Some(slot) = results.get_mut(index) {
        *slot = Some(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{HttpError, HttpErrorKind};
    use crate::pipeline::testing::{Answer, FakeHost, NOW, response};
    use serde::Deserialize;

    #[derive(Serialize)]
    struct Ping {
        n: u32,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Pong {
        n: u32,
    }

    impl Operation for Ping {
        const NAME: &'static str = "Ping";
        type Output = Pong;
    }

    const SERVICE: Service = Service {
        signing_name: "sagemaker",
        target_prefix: "SageMaker",
    };

    fn client(host: &FakeHost) -> Client<'_> {
        let endpoint = Endpoint::parse("http://127.0.0.1:4566").unwrap();
        Client::new(host, SERVICE, "eu-west-1".to_owned(), endpoint)
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
        let host = FakeHost::with(answers);
        let result = client(&host).call(&Ping { n: 1 });
        (result, host)
    }

    #[test]
    fn a_request_is_aws_json_1_1() {
        let (result, host) = ping([pong(1)]);
        assert_eq!(result, Ok(Pong { n: 1 }));
        let request = &host.requests.borrow()[0];
        assert_eq!(
            (request.method, request.url.as_str()),
            ("POST", "http://127.0.0.1:4566/")
        );
        let header = |name| {
            request
                .headers
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v.as_str())
        };
        assert_eq!(header("content-type"), Some("application/x-amz-json-1.1"));
        assert_eq!(header("x-amz-target"), Some("SageMaker.Ping"));
        assert_eq!(header("x-amz-date"), Some("20261101T000000Z"));
        assert!(
            header("authorization")
                .unwrap()
                .contains("/20261101/eu-west-1/sagemaker/aws4_request")
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
    fn delays_double_and_one_that_the_service_names_is_honoured() {
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
    fn nothing_else_is_tried_again() {
        for code in [
            "ConflictException",
            "ResourceLimitExceeded",
            "ValidationException",
            "AccessDeniedException",
        ] {
            let (result, host) = ping([refusal(code)]);
            assert_eq!(result.unwrap_err().service_code(), Some(code));
            assert_eq!(host.requests.borrow().len(), 1);
        }
    }

    #[test]
    fn an_expired_token_is_tried_once_more_with_fresh_credentials() {
        let expired = refusal("ExpiredTokenException");
        let (result, host) = ping([expired.clone(), pong(1)]);
        assert_eq!(result, Ok(Pong { n: 1 }));
        let freshness: Vec<_> = host.scopes.borrow().iter().map(|(_, f)| *f).collect();
        assert_eq!(freshness, [Freshness::Cached, Freshness::Renewed]);
        let (result, _) = ping([expired.clone(), expired]);
        assert_eq!(
            result.unwrap_err().service_code(),
            Some("ExpiredTokenException")
        );
    }

    #[test]
    fn a_clock_that_is_wrong_by_hours_is_set_right_by_the_refusals_date() {
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
            .filter(|(name, _)| *name == "x-amz-date")
            .map(|(_, value)| value)
            .collect();
        assert_eq!(dates, ["20261101T000000Z", "20261101T050000Z"]);

        let (result, host) = ping([skewed("Sun, 01 Nov 2026 00:00:30 GMT")]);
        assert!(result.is_err());
        assert_eq!(host.requests.borrow().len(), 1);
    }

    #[test]
    fn nothing_is_tried_again_past_the_deadline() {
        let host = FakeHost::with([refusal("ThrottlingException")]);
        host.deadline.set(NOW + 900);
        let error = client(&host).call(&Ping { n: 1 }).unwrap_err();
        assert_eq!(error.service_code(), Some("ThrottlingException"));
        host.deadline.set(NOW);
        let error = client(&host).call(&Ping { n: 1 }).unwrap_err();
        assert_eq!(error, CallError::Deadline { operation: "Ping" });
    }

    #[test]
    fn of_many_only_those_that_failed_are_sent_again_and_results_stay_in_order() {
        let host = FakeHost::with([
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
}
