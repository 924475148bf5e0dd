//! A host for tests: answers from a list, keeps what it was asked, and has a clock that only `sleep`
//! moves.

use crate::host::{
    Freshness, Host, HttpError, HttpRequest, HttpResponse, Level, Scope, SigningCredentials,
    SigningError,
};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// 2026-11-01T00:00:00Z
pub(crate) const NOW: u64 = 1_793_491_200_000;

pub(crate) type Answer = Result<HttpResponse, HttpError>;

pub(crate) struct FakeHost {
    answers: RefCell<VecDeque<Answer>>,
    pub(crate) requests: RefCell<Vec<HttpRequest>>,
    pub(crate) batches: RefCell<Vec<usize>>,
    pub(crate) scopes: RefCell<Vec<(Scope, Freshness)>>,
    pub(crate) sleeps: RefCell<Vec<u64>>,
    log: RefCell<Vec<String>>,
    now: Cell<u64>,
    pub(crate) deadline: Cell<u64>,
}

impl FakeHost {
    pub(crate) fn answering<'a>(answers: impl IntoIterator<Item = (u16, &'a str)>) -> Self {
        Self::with(
            answers
                .into_iter()
                .map(|(status, body)| Ok(response(status, &[], body))),
        )
    }

    pub(crate) fn with(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: RefCell::new(answers.into_iter().collect()),
            requests: RefCell::default(),
            batches: RefCell::default(),
            scopes: RefCell::default(),
            sleeps: RefCell::default(),
            log: RefCell::default(),
            now: Cell::new(NOW),
            deadline: Cell::new(NOW + 120_000),
        }
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        let requests = self.requests.borrow();
        requests
            .iter()
            .map(|request| String::from_utf8(request.body.clone()).unwrap())
            .collect()
    }

    pub(crate) fn logged(&self, text: &str) -> bool {
        self.log.borrow().iter().any(|line| line.contains(text))
    }
}

impl Host for FakeHost {
    fn send_all(&self, requests: Vec<HttpRequest>) -> Vec<Answer> {
        self.batches.borrow_mut().push(requests.len());
        requests
            .into_iter()
            .map(|request| {
                self.requests.borrow_mut().push(request);
                self.answers
                    .borrow_mut()
                    .pop_front()
                    .expect("more requests than the test has answers for")
            })
            .collect()
    }

    fn signing_credentials(
        &self,
        scope: &Scope,
        freshness: Freshness,
    ) -> Result<SigningCredentials, SigningError> {
        self.scopes.borrow_mut().push((scope.clone(), freshness));
        Ok(SigningCredentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            session_token: None,
            signing_key: vec![7; 32],
        })
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn deadline(&self) -> u64 {
        self.deadline.get()
    }

    /// The longest, so that tests see it.
    fn jitter(&self, max: u64) -> u64 {
        max
    }

    fn sleep(&self, milliseconds: u64) {
        self.sleeps.borrow_mut().push(milliseconds);
        self.now.set(self.now.get() + milliseconds);
    }

    fn log(&self, _: Level, message: &str) {
        self.log.borrow_mut().push(message.to_owned());
    }
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    }
}
