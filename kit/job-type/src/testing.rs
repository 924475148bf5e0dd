//! A host for a job type's tests: it answers requests from a list, records what it was asked, and
//! has a clock that only [`Host::sleep`] moves.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::contract::aws_signing::{Credentials, Error as SigningError, Scope};
use crate::contract::http::{Error as HttpError, Header, Request, Response};
use crate::contract::log::Level;
use crate::host::{Host, SigningCredentials};

/// When a fake host's clock begins: 2026-11-01T00:00:00Z.
pub const NOW: u64 = 1_793_491_200_000;

/// How long a call has, in milliseconds.
const CALL_TIMEOUT: u64 = 120_000;

/// What a request gets.
pub type Answer = Result<Response, HttpError>;

/// A request for credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialsRequest {
    /// What the key was to be good for.
    pub scope: Scope,
    /// Whether it was a [`Host::refresh_credentials`].
    pub refresh: bool,
}

/// A host with scripted answers.
#[derive(Debug)]
pub struct FakeHost {
    answers: RefCell<VecDeque<Answer>>,
    /// All requests, in order.
    pub requests: RefCell<Vec<Request>>,
    /// How many requests each send had.
    pub batches: RefCell<Vec<usize>>,
    /// All requests for credentials, in order.
    pub credentials_requests: RefCell<Vec<CredentialsRequest>>,
    /// The waits, in milliseconds.
    pub sleeps: RefCell<Vec<u64>>,
    log: RefCell<Vec<String>>,
    now: Cell<u64>,
    /// When the call ends; a test may move it.
    pub deadline: Cell<u64>,
}

impl FakeHost {
    /// A host that answers with these statuses and bodies.
    pub fn answering<'a>(answers: impl IntoIterator<Item = (u16, &'a str)>) -> Self {
        Self::with_answers(
            answers
                .into_iter()
                .map(|(status, body)| Ok(response(status, &[], body))),
        )
    }

    /// A host that answers with these responses and failures.
    pub fn with_answers(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: RefCell::new(answers.into_iter().collect()),
            requests: RefCell::default(),
            batches: RefCell::default(),
            credentials_requests: RefCell::default(),
            sleeps: RefCell::default(),
            log: RefCell::default(),
            now: Cell::new(NOW),
            deadline: Cell::new(NOW + CALL_TIMEOUT),
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

    /// Whether a line of the log holds this text.
    pub fn logged(&self, text: &str) -> bool {
        self.log.borrow().iter().any(|line| line.contains(text))
    }

    fn answer(&self, request: &Request) -> Answer {
        self.requests.borrow_mut().push(request.clone());
        self.answers
            .borrow_mut()
            .pop_front()
            .unwrap_or_else(|| panic!("the test has no answer for {}", request.url))
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
        self.batches.borrow_mut().push(1);
        self.answer(request)
    }

    fn send_all(&self, requests: &[Request]) -> Vec<Answer> {
        self.batches.borrow_mut().push(requests.len());
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

    /// The longest, so that a test sees the bound.
    fn jitter(&self, max_milliseconds: u64) -> u64 {
        max_milliseconds
    }

    fn sleep(&self, milliseconds: u64) {
        self.sleeps.borrow_mut().push(milliseconds);
        self.now.set(self.now.get() + milliseconds);
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
