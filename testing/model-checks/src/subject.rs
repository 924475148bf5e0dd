//! A job type's side of the checks: what its calls are made with, and what it usually gets.

use crate::api::Api;
use crate::calls::Call;
use job_type_kit::JobType;
use job_type_kit::contract::http::Request;
use job_type_kit::contract::{Connection, Error, Job, Run};
use job_type_kit::testing::{FakeHost, response};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the checks need to know of a job type.
#[derive(Debug)]
pub struct Subject {
    /// The operations that it calls.
    pub api: Api,
    /// Where its requests go.
    pub connection: Connection,
    /// What its calls are made with.
    pub passed: Passed,
    /// The usual answer to an operation.
    pub usual: fn(&str) -> &'static str,
    /// Whether an answer to an operation says what it has to. Any other may be refused as one that can't
    /// be read.
    pub says_enough: fn(&str, &Value) -> bool,
}

/// What a host passes to the calls.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is documented by the contract")]
pub struct Passed {
    pub external_id: String,
    pub job: Job,
    /// The first is that of the calls about one run.
    pub runs: Vec<Run>,
    pub step: String,
    pub cursor: Option<String>,
    pub log_cursor: String,
}

/// A request that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The operation's name.
    pub operation: String,
    /// The body.
    pub body: Value,
}

/// A call that was made.
#[derive(Debug)]
pub struct Made {
    /// An outcome for each run that the call is about.
    pub outcomes: Vec<Result<(), Error>>,
    /// The requests.
    pub sent: Vec<Sent>,
}

impl Subject {
    /// Makes a call, with `answer` to each request: a body by the operation's name.
    ///
    /// # Panics
    /// Where the call does, or a request that it sends isn't one of AWS JSON.
    pub fn make<J: JobType>(
        &self,
        call: Call,
        passed: &Passed,
        answer: impl Fn(&str) -> String + 'static,
    ) -> Made {
        let host = FakeHost::answering_by(move |request| {
            Ok(response(200, &[], &answer(&sent(request).operation)))
        });
        let outcomes = call.make::<J>(host.on(&self.connection), passed);
        let sent = host.requests.borrow().iter().map(sent).collect();
        Made { outcomes, sent }
    }

    /// Makes a call with the usual answers.
    ///
    /// # Panics
    /// As [`Subject::make`].
    pub fn make_as_usual<J: JobType>(&self, call: Call, passed: &Passed) -> Made {
        let usual = self.usual;
        self.make::<J>(call, passed, move |operation| usual(operation).to_owned())
    }

    /// The calls that usually send a request for each operation.
    pub(crate) fn calls_by_operation<J: JobType>(&self) -> BTreeMap<String, BTreeSet<Call>> {
        let mut calls = BTreeMap::<_, BTreeSet<_>>::new();
        for call in Call::ALL {
            for sent in self.make_as_usual::<J>(call, &self.passed).sent {
                calls.entry(sent.operation).or_default().insert(call);
            }
        }
        calls
    }

    /// Checks a request by the model.
    ///
    /// # Panics
    /// Where the model doesn't allow it.
    #[track_caller]
    pub fn expect_allowed(&self, sent: &Sent) {
        let violations = self.api.violations(&sent.operation, &sent.body);
        assert!(violations.is_empty(), "{violations:?}: {sent:?}");
    }
}

fn sent(request: &Request) -> Sent {
    let mut headers = request.headers.iter();
    let target = headers
        .find(|header| header.name == "x-amz-target")
        .unwrap();
    let (_, operation) = target.value.rsplit_once('.').unwrap();
    Sent {
        operation: operation.to_owned(),
        body: serde_json::from_slice(&request.body).unwrap(),
    }
}
