//! One orchestrator for all calls to the service: sign, send, parse, and decide whether to try
//! again. It lives for one call of the host's; what it learns (the clock's error, that credentials
//! had to be renewed) goes with it.

use super::datetime::amz_date;
use super::endpoint::Endpoint;
use super::error::CallError;
use super::json::Shape;
use super::response;
use super::retry::{self, Policy, Retryability};
use super::sigv4::{self, Signable};
use crate::host::{Freshness, Host, HttpRequest, HttpResponse, Level, Scope, SigningCredentials};
use crate::version::VERSION;
use serde::Serialize;
use std::cell::Cell;

/// One operation of a service, as its API model has it: the type is its input.
pub trait Operation: Serialize {
    /// For example `ListPipelines`.
    const NAME: &'static str;
    /// What it answers.
    type Output: Shape;
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

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

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
        self.call_many(policy, [input])
            .pop()
            .unwrap_or(Err(CallError::Deadline { operation: O::NAME }))
    }

    /// Calls one operation with several inputs, together; each fails and is tried again on its own.
    /// Results are in the order of the inputs.
    pub fn call_many<'i, O: Operation + 'i>(
        &self,
        policy: Policy,
        inputs: impl IntoIterator<Item = &'i O>,
    ) -> Vec<Result<O::Output, CallError>> {
        let bodies = inputs.into_iter().map(body).collect();
        self.exchange(O::NAME, policy, bodies)
            .into_iter()
            .map(|result| result.and_then(|answer| response::parse(O::NAME, &answer)))
            .collect()
    }

    /// The rounds of sending, without the types of any operation: that keeps them small when
    /// compiled. The answers are those of success.
    fn exchange(
        &self,
        operation: &'static str,
        policy: Policy,
        bodies: Vec<Result<Vec<u8>, CallError>>,
    ) -> Vec<Result<HttpResponse, CallError>> {
        let mut results: Vec<Option<Result<HttpResponse, CallError>>> = Vec::new();
        let mut pending = Vec::new();
        for (index, body) in bodies.into_iter().enumerate() {
            match body {
                Ok(body) => {
                    pending.push(Pending::new(index, body));
                    results.push(None);
                }
                Err(error) => results.push(Some(Err(error))),
            }
        }
        let mut delay = 0;
        while !pending.is_empty() {
            if self.host.now().saturating_add(delay) >= self.host.deadline() {
                for call in pending.drain(..) {
                    let error = call.last_error.unwrap_or(CallError::Deadline { operation });
                    set(&mut results, call.index, Err(error));
                }
                break;
            }
            if delay > 0 {
                self.host.sleep(delay);
                delay = 0;
            }
            let signed_at = self.service_time();
            let answers = match self.sign_and_send(operation, &pending, signed_at) {
                Ok(answers) => answers,
                Err(error) => {
                    for call in pending.drain(..) {
                        set(&mut results, call.index, Err(error.clone()));
                    }
                    break;
                }
            };
            let mut again = Vec::new();
            for (mut call, outcome) in pending.into_iter().zip(answers) {
                match outcome {
                    Ok(answer) => set(&mut results, call.index, Ok(answer)),
                    Err(error) => match self.next_attempt(policy, &mut call, &error, signed_at) {
                        Some(wait) => {
                            self.host.log(
                                Level::Warn,
                                &format!(
                                    "{operation} is tried again in {wait} ms, after attempt {}: \
                                     {error}",
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
            .map(|result| result.unwrap_or(Err(CallError::Deadline { operation })))
            .collect()
    }

    /// How long to wait before trying again, in milliseconds; none if that is of no use.
    fn next_attempt(
        &self,
        policy: Policy,
        call: &mut Pending,
        error: &CallError,
        signed_at: u64,
    ) -> Option<u64> {
        call.attempts_made += 1;
        let retryability = retry::classify(error, signed_at);
        let allowed = match retryability {
            Retryability::Throttled => call.attempts_made < policy.throttled_attempts,
            Retryability::Transient => call.attempts_made < policy.attempts,
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
        let longest = retry::longest_delay(retryability, call.attempts_made);
        Some(
            error
                .retry_after_milliseconds()
                .unwrap_or_else(|| self.host.jitter(longest)),
        )
    }

    fn sign_and_send(
        &self,
        operation: &'static str,
        calls: &[Pending],
        signed_at: u64,
    ) -> Result<Vec<Result<HttpResponse, CallError>>, CallError> {
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
            .map(|call| self.request(operation, &call.body, &credentials, &scope, &date))
            .collect();
        Ok(self
            .host
            .send_all(requests)
            .into_iter()
            .map(|result| match result {
                Ok(answer) => response::success(answer),
                Err(error) => Err(CallError::Transport(error)),
            })
            .collect())
    }

    fn request(
        &self,
        operation: &str,
        body: &[u8],
        credentials: &SigningCredentials,
        scope: &Scope,
        date: &str,
    ) -> HttpRequest {
        let target = [self.service.target_prefix, ".", operation].concat();
        let mut headers = vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            (
                "user-agent",
                ["polysync-sagemaker-pipeline/", VERSION].concat(),
            ),
        ];
        headers.extend(sigv4::sign(
            &Signable {
                path: &self.endpoint.path,
                headers: &[
                    ("content-type", CONTENT_TYPE),
                    ("host", &self.endpoint.host),
                    ("x-amz-target", &target),
                ],
                body,
            },
            credentials,
            scope,
            date,
        ));
        headers.push(("x-amz-target", target));
        HttpRequest {
            method: "POST",
            url: self.endpoint.url.clone(),
            headers,
            body: body.to_vec(),
        }
    }

    fn service_time(&self) -> u64 {
        self.host
            .now()
            .saturating_add_signed(self.clock_offset.get())
    }
}

/// An input that has no result yet.
struct Pending {
    index: usize,
    body: Vec<u8>,
    attempts_made: u32,
    token_renewed: bool,
    clock_corrected: bool,
    last_error: Option<CallError>,
}

impl Pending {
    fn new(index: usize, body: Vec<u8>) -> Self {
        Self {
            index,
            body,
            attempts_made: 0,
            token_renewed: false,
            clock_corrected: false,
            last_error: None,
        }
    }
}

fn body<O: Operation>(input: &O) -> Result<Vec<u8>, CallError> {
    serde_json::to_vec(input).map_err(|error| CallError::Garbled {
        operation: O::NAME,
        reason: format!("the request can't be written as JSON: {error}"),
        request_id: None,
    })
}

fn set<T>(results: &mut [Option<T>], index: usize, value: T) {
    if let Some(slot) = results.get_mut(index) {
        *slot = Some(value);
    }
}

mod paced;
#[cfg(test)]
mod tests;
