//! Calls to one service during one call by the host: sign, send, read the answer, and decide whether
//! to try again. A client remembers the error of the clock and that credentials need a refresh; both
//! end with the client.

use std::cell::Cell;
use std::iter::repeat_with;

use job_type_kit::contract::Error;
use job_type_kit::contract::aws_signing::Scope;
use job_type_kit::contract::http::{Header, Request, Response};
use job_type_kit::contract::log::Level;
use job_type_kit::{Host, SigningCredentials};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::Settings;
use crate::endpoint::Endpoint;
use crate::error::{CallError, ServiceError};
use crate::region::Region;
use crate::response;
use crate::retry::{self, Policy, Retryability};
use crate::service::Service;
use crate::sigv4::{self, Signable};
use crate::time::amz_date;

mod bounds;
mod call;
mod once;
mod paced;
#[cfg(test)]
mod tests;

pub use self::bounds::Bounds;
use self::call::Call;
pub use self::once::Doubt;

/// One operation of a service, as its API model has it: the type is its input.
pub trait Operation: Serialize {
    /// For example `ListPipelines`.
    const NAME: &'static str;
    /// The members of the answer that are read.
    type Output: DeserializeOwned;
}

/// Implements [`Operation`] for an input of the operation's name: `operation!(GetJob, GetJobOutput)`.
#[macro_export]
macro_rules! operation {
    ($input:ident, $output:ty) => {
        impl $crate::client::Operation for $input {
            const NAME: &'static str = stringify!($input);
            type Output = $output;
        }
    };
}

/// Calls one service in one region.
pub struct Client<'a> {
    host: &'a dyn Host,
    service: &'static Service,
    settings: Settings,
    /// The service's time minus the host's, in milliseconds.
    clock_offset: Cell<i64>,
    /// Whether the next request needs fresh credentials.
    refresh: Cell<bool>,
    bounds: Bounds,
    /// Requests that it has sent.
    sent: Cell<usize>,
}

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

impl<'a> Client<'a> {
    /// A client for one call by the host.
    pub fn new(host: &'a dyn Host, service: &'static Service, settings: Settings) -> Self {
        Self {
            host,
            service,
            settings,
            clock_offset: Cell::new(0),
            refresh: Cell::new(false),
            bounds: Bounds::NONE,
            sent: Cell::new(0),
        }
    }

    /// The same client within bounds. A request past them has the error [`CallError::Deadline`].
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The host that sends this client's requests.
    pub fn host(&self) -> &'a dyn Host {
        self.host
    }

    /// Where it sends its requests.
    pub fn endpoint(&self) -> &Endpoint {
        &self.settings.endpoint
    }

    /// The region that it signs for.
    pub fn region(&self) -> &Region {
        &self.settings.region
    }

    /// Calls one operation, by the standard policy.
    ///
    /// # Errors
    /// Where there is no answer after the last attempt.
    pub fn call<O: Operation>(&self, input: &O) -> Result<O::Output, CallError> {
        self.call_with(retry::STANDARD, input)
    }

    /// Calls one operation, by the standard policy.
    ///
    /// # Errors
    /// As the contract has them, where there is no answer after the last attempt.
    pub fn ask<O: Operation>(&self, input: &O) -> Result<O::Output, Error> {
        self.call(input)
            .map_err(|error| self.contract_error::<O>(error))
    }

    /// Calls a listing. Where the answer is more than the host takes, it asks for half as many elements,
    /// down to one; `most` is the member of the input that says how many.
    ///
    /// # Errors
    /// As for [`Client::call`].
    pub fn call_smaller<O: Operation>(
        &self,
        mut input: O,
        most: fn(&mut O) -> &mut u32,
    ) -> Result<O::Output, CallError> {
        loop {
            match self.call(&input) {
                Err(error) if error.is_body_too_large() && *most(&mut input) > 1 => {
                    *most(&mut input) /= 2;
                }
                answer => return answer,
            }
        }
    }

    /// Calls one operation, by this policy.
    ///
    /// # Errors
    /// Where there is no answer after the last attempt.
    pub fn call_with<O: Operation>(
        &self,
        policy: Policy,
        input: &O,
    ) -> Result<O::Output, CallError> {
        self.call_many(policy, [input])
            .pop()
            .unwrap_or(Err(CallError::Deadline { operation: O::NAME }))
    }

    /// Calls one operation with several inputs, together. Each fails and is tried again on its own.
    /// The results are in the order of the inputs.
    pub fn call_many<'i, O: Operation + 'i>(
        &self,
        policy: Policy,
        inputs: impl IntoIterator<Item = &'i O>,
    ) -> Vec<Result<O::Output, CallError>> {
        let calls = inputs.into_iter().map(Call::new).collect();
        self.exchange(O::NAME, policy, calls)
            .into_iter()
            .map(|result| result.and_then(|answer| response::parse(O::NAME, &answer)))
            .collect()
    }

    /// The contract's error for a refusal that is in an answer of success to operation `O`: that of one
    /// of several things that it was asked for.
    pub fn refusal_within<O: Operation>(&self, code: String, message: String) -> Error {
        self.contract_error::<O>(CallError::Service(ServiceError {
            code,
            message,
            status: 400,
            request_id: None,
            retry_after_milliseconds: None,
            date: None,
        }))
    }

    /// The contract's error for a failure of operation `O`.
    pub fn contract_error<O: Operation>(&self, error: CallError) -> Error {
        self.service.contract_error(O::NAME, error)
    }

    /// Sends until each call has an answer of success or its last error. It is not generic, so that
    /// it is compiled once for all operations.
    fn exchange(
        &self,
        operation: &'static str,
        policy: Policy,
        mut calls: Vec<Call>,
    ) -> Vec<Result<Response, CallError>> {
        let mut delay = 0;
        loop {
            let pending: Vec<&mut Call> = calls
                .iter_mut()
                .filter(|call| call.result.is_none())
                .collect();
            if pending.is_empty() || self.is_too_late(delay) || !self.may_send(pending.len()) {
                break;
            }
            if delay > 0 {
                self.host.sleep(delay);
            }
            delay = self.send_round(operation, policy, pending);
        }
        calls
            .into_iter()
            .map(|call| call.into_result(operation))
            .collect()
    }

    /// Whether no request may be sent any more after this many milliseconds.
    fn is_too_late(&self, delay: u64) -> bool {
        let last = self.host.deadline().saturating_sub(self.bounds.time_left);
        self.host.now().saturating_add(delay) >= last
    }

    /// Counts requests, if so many may be sent.
    fn may_send(&self, requests: usize) -> bool {
        let sent = self.sent.get().saturating_add(requests);
        let may_send = sent <= self.bounds.requests;
        if may_send {
            self.sent.set(sent);
        }
        may_send
    }

    /// Sends each call once, together. Returns how long to wait before the next round, in
    /// milliseconds.
    fn send_round(&self, operation: &'static str, policy: Policy, calls: Vec<&mut Call>) -> u64 {
        let signed_at = self.service_time();
        let answers = match self.sign_and_send(operation, &calls, signed_at) {
            Ok(answers) => answers,
            Err(error) => {
                for call in calls {
                    call.result = Some(Err(error.clone()));
                }
                return 0;
            }
        };
        let mut delay = 0;
        for (call, answer) in calls.into_iter().zip(answers) {
            call.attempts_made += 1;
            let error = match answer {
                Ok(answer) => {
                    call.result = Some(Ok(answer));
                    continue;
                }
                Err(error) => error,
            };
            let Some(wait) = self.delay_before_retry(policy, call, &error, signed_at) else {
                call.result = Some(Err(error));
                continue;
            };
            self.host.log(
                Level::Warn,
                &format!(
                    "{operation} is tried again in {wait} ms, after attempt {}: {error}",
                    call.attempts_made
                ),
            );
            delay = delay.max(wait);
            call.last_error = Some(error);
        }
        delay
    }

    /// How long to wait before the next attempt, in milliseconds; `None` where there is none.
    fn delay_before_retry(
        &self,
        policy: Policy,
        call: &mut Call,
        error: &CallError,
        signed_at: u64,
    ) -> Option<u64> {
        if !policy.repeats && self.service.may_have_carried_out(error) {
            return None;
        }
        let retryability = retry::classify(self.service, error, signed_at);
        let is_allowed = match retryability {
            Retryability::Throttled => call.attempts_made < policy.throttled_attempts,
            Retryability::Transient => call.attempts_made < policy.attempts,
            Retryability::Conflict => call.attempts_made < policy.conflict_attempts,
            Retryability::ExpiredToken => !std::mem::replace(&mut call.token_renewed, true),
            Retryability::ClockSkew { .. } => !std::mem::replace(&mut call.clock_corrected, true),
            Retryability::No => false,
        };
        if !is_allowed {
            return None;
        }
        match retryability {
            Retryability::ExpiredToken => self.refresh.set(true),
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
        calls: &[&mut Call],
        signed_at: u64,
    ) -> Result<Vec<Result<Response, CallError>>, CallError> {
        let date = amz_date(signed_at);
        let scope = Scope {
            date: date.get(.."YYYYMMDD".len()).unwrap_or_default().to_owned(),
            region: self.settings.region.as_str().to_owned(),
            service: self.service.signing_name.to_owned(),
        };
        // One refresh is enough for all the requests that follow.
        let credentials = if self.refresh.replace(false) {
            self.host.refresh_credentials(&scope)
        } else {
            self.host.credentials(&scope)
        };
        let credentials = credentials.map_err(CallError::Credentials)?;
        let requests: Vec<Request> = calls
            .iter()
            .map(|call| self.request(operation, &call.body, &credentials, &scope, &date))
            .collect();
        let results = match requests.as_slice() {
            [request] => vec![self.host.send(request)],
            requests => self.host.send_all(requests),
        };
        let results = results.into_iter().map(|result| {
            result
                .map_err(CallError::Transport)
                .and_then(response::success)
        });
        // A host that breaks the contract must not keep a call without its result.
        let missing = repeat_with(|| {
            Err(CallError::Garbled {
                operation,
                reason: "the host returned fewer results than requests".to_owned(),
                request_id: None,
            })
        });
        Ok(results.chain(missing).take(calls.len()).collect())
    }

    fn request(
        &self,
        operation: &str,
        body: &[u8],
        credentials: &SigningCredentials,
        scope: &Scope,
        date: &str,
    ) -> Request {
        let endpoint = &self.settings.endpoint;
        let target = [self.service.target_prefix, operation].join(".");
        let agent = self.service.user_agent;
        let signable = Signable {
            path: &endpoint.path,
            headers: &[
                ("content-type", CONTENT_TYPE),
                ("host", &endpoint.host),
                ("x-amz-target", &target),
            ],
            body,
        };
        let mut headers = vec![
            Header::new("content-type", CONTENT_TYPE),
            Header::new("user-agent", [agent.product, agent.version].join("/")),
        ];
        headers.extend(sigv4::sign(&signable, credentials, scope, date));
        headers.push(Header::new("x-amz-target", target));
        Request {
            method: "POST".to_owned(),
            url: endpoint.url.clone(),
            headers,
            body: body.to_vec(),
            timeout: None,
        }
    }

    fn service_time(&self) -> u64 {
        self.host
            .now()
            .saturating_add_signed(self.clock_offset.get())
    }
}
