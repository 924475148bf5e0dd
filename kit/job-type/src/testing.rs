//! A host for a job type's tests: it answers requests from a list or by a function, records all
//! requests, and has a clock that only [`Host::sleep`] and the requests' latency move.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::context::Context;
use crate::contract::Connection;
use crate::contract::aws_signing::{Credentials, Error as SigningError, Scope};
use crate::contract::http::{Error as HttpError, Header, Request, Response};
use crate::contract::log::Level;
use crate::host::{Host, SigningCredentials};

/// When a fake host's clock begins: 2026-11-01T00:00:00Z.
pub const NOW: u64 = 1_793_491_200_000;

/// The time from the beginning of a call to its deadline, in milliseconds.
const CALL_TIMEOUT: u64 = 120_000;

/// The response to a request, or why there is none.
pub type Answer = Result<Response, HttpError>;

type AnswerFunction = Box<dyn FnMut(&Request) -> Answer>;

/// A request for credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsRequest {
    /// What the key has to be good for.
    pub scope: Scope,
    /// Whether it was a [`Host::refresh_credentials`].
    pub refresh: bool,
}

/// A host whose answers the test chooses.
pub struct FakeHost {
    answer: RefCell<AnswerFunction>,
    /// All requests, in order.
    pub requests: RefCell<Vec<Request>>,
    /// The number of requests of each `send` (1) and `send_all`, in order.
    pub batches: RefCell<Vec<usize>>,
    /// All requests for credentials, in order.
    pub credentials_requests: RefCell<Vec<CredentialsRequest>>,
    /// The waits, in milliseconds.
    pub sleeps: RefCell<Vec<u64>>,
    /// The messages of the log, in order.
    pub log: RefCell<Vec<String>>,
    now: Cell<u64>,
    /// How long a `send` or `send_all` takes, in milliseconds: 0, unless a test sets it.
    pub latency: Cell<u64>,
    /// When the call ends; a test may move it.
    pub deadline: Cell<u64>,
    /// The random number for a maximum: the maximum itself, unless a test sets another function.
    pub jitter: Cell<fn(u64) -> u64>,
}

impl FakeHost {
    /// The context of a call on a connection.
    pub fn on<'a>(&'a self, connection: &'a Connection) -> Context<'a> {
        Context::new(self, connection)
    }

    /// A host that answers with these statuses and bodies.
    pub fn answering<'a>(answers: impl IntoIterator<Item = (u16, &'a str)>) -> Self {
        Self::with_answers(
            answers
                .into_iter()
                .map(|(status, body)| Ok(response(status, &[], body))),
        )
    }

    /// A host that answers with these responses and failures.
    ///
    /// # Panics
    /// A request panics where no answer is left.
    pub fn with_answers(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: VecDeque<_> = answers.into_iter().collect();
        Self::answering_by(move |request| {
            answers
                .pop_front()
                .unwrap_or_else(|| panic!("the test has no answer for {}", request.url))
        })
    }

    /// A host that answers each request by this function.
    pub fn answering_by(answer: impl FnMut(&Request) -> Answer + 'static) -> Self {
        Self {
            answer: RefCell::new(Box::new(answer)),
            requests: RefCell::default(),
            batches: RefCell::default(),
            credentials_requests: RefCell::default(),
            sleeps: RefCell::default(),
            log: RefCell::default(),
            now: Cell::new(NOW),
            latency: Cell::new(0),
            deadline: Cell::new(NOW + CALL_TIMEOUT),
            jitter: Cell::new(|max_milliseconds| max_milliseconds),
        }
    }

    /// The bodies of all requests, in order.
    pub fn bodies(&self) -> Vec<String> {
        let requests = self.requests.borrow();
        requests
            .iter()
            .map(|request| String::from_utf8_lossy(&request.body).into_owned())
            .collect()
    }

    /// Whether a message of the log contains this text.
    pub fn logged(&self, text: &str) -> bool {
        self.log.borrow().iter().any(|line| line.contains(text))
    }

    fn begin(&self, requests: usize) {
        self.batches.borrow_mut().push(requests);
        self.now
            .set(self.now.get().saturating_add(self.latency.get()));
    }

    fn answer(&self, request: &Request) -> Answer {
        self.requests.borrow_mut().push(request.clone());
        (self.answer.borrow_mut())(request)
    }

    fn credentials_for(&self, scope: &Scope, refresh: bool) -> SigningCredentials {
        self.credentials_requests
            .borrow_mut()
            .push(CredentialsRequest {
                scope: scope.clone(),
                refresh,
            });
        SigningCredentials::from(Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            session_token: None,
            expires_at: None,
            signing_key: vec![7; 32],
        })
    }
}

impl Host for FakeHost {
    fn send(&self, request: &Request) -> Answer {
        self.begin(1);
        self.answer(request)
    }

    fn send_all(&self, requests: &[Request]) -> Vec<Answer> {
        self.begin(requests.len());
        requests
            .iter()
            .map(|request| self.answer(request))
            .collect()
    }

    fn credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        Ok(self.credentials_for(scope, false))
    }

    fn refresh_credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        Ok(self.credentials_for(scope, true))
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn deadline(&self) -> u64 {
        self.deadline.get()
    }

    fn jitter(&self, max_milliseconds: u64) -> u64 {
        (self.jitter.get())(max_milliseconds)
    }

    fn sleep(&self, milliseconds: u64) {
        self.sleeps.borrow_mut().push(milliseconds);
        self.now.set(self.now.get().saturating_add(milliseconds));
    }

    fn log(&self, _: Level, message: &str) {
        self.log.borrow_mut().push(message.to_owned());
    }
}

/// A response by its status, headers and body.
pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    Response {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| Header::new(name, *value))
            .collect(),
        body: body.as_bytes().to_vec(),
    }
}
