//! Which errors end a batch, and which are one run's.

use job_type_kit::contract::aws_signing::{Error as SigningError, ErrorKind as SigningErrorKind};
use job_type_kit::contract::http::{Error as HttpError, ErrorKind};
use job_type_kit::testing::FakeHost;

use super::*;
use crate::connection::Settings;
use crate::endpoint::Endpoint;
use crate::error::ServiceError;
use crate::operation;
use crate::region::Region;
use crate::testing::ECHO;
use crate::variant::Variant;

#[derive(serde::Serialize)]
struct Whisper {}

operation!(Whisper, Heard);

#[derive(serde::Deserialize)]
struct Heard {}

/// Whether each of these errors, one after the other, is one run's; else it ends the batch.
fn one_runs(batch: &mut Batch, errors: &[CallError]) -> Vec<Result<Error, Error>> {
    let host = FakeHost::answering([]);
    let settings = Settings {
        region: Region::parse("eu-west-1").unwrap(),
        endpoint: Endpoint::parse("http://127.0.0.1:4566").unwrap(),
        variant: Variant::default(),
    };
    let client = Client::new(&host, &ECHO, settings);
    let errors = errors.iter().cloned();
    errors
        .map(|error| batch.error_of_one::<Whisper>(&client, error))
        .collect()
}

fn first(error: CallError) -> Result<Error, Error> {
    one_runs(&mut Batch::default(), &[error]).remove(0)
}

fn refused(status: u16, code: &str) -> CallError {
    CallError::Service(ServiceError {
        code: code.to_owned(),
        message: "why".to_owned(),
        status,
        request_id: None,
        retry_after_milliseconds: None,
        date: None,
    })
}

fn lost(kind: ErrorKind) -> CallError {
    CallError::Transport(HttpError {
        kind,
        message: "no answer".to_owned(),
    })
}

/// Failures that leave it open whether the service answers at all.
fn unanswered() -> [CallError; 5] {
    [
        lost(ErrorKind::Timeout),
        lost(ErrorKind::Connect),
        lost(ErrorKind::Protocol),
        refused(500, "InternalFailure"),
        CallError::Garbled {
            operation: "Whisper",
            reason: "no JSON".to_owned(),
            request_id: None,
        },
    ]
}

#[test]
fn a_refusal_of_what_was_asked_for_is_one_runs_however_often_it_comes() {
    for (status, code) in [
        (400, "ValidationException"),
        (400, "ResourceNotFoundException"),
        (400, "AccessDeniedException"),
        (403, "AccessDenied"),
        (400, "TooManyEchoes"),
        (400, "NewException"),
    ] {
        let errors = vec![refused(status, code); 40];
        for outcome in one_runs(&mut Batch::default(), &errors) {
            assert_eq!(outcome.unwrap().code, code);
        }
    }
}

#[test]
fn an_answer_that_is_too_large_is_one_runs_however_often_it_comes() {
    let errors = vec![lost(ErrorKind::BodyTooLarge); 40];
    let outcomes = one_runs(&mut Batch::default(), &errors);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

#[test]
fn credentials_that_are_refused_or_missing_end_the_batch_at_once() {
    for (status, code) in [
        (403, "ExpiredTokenException"),
        (403, "UnrecognizedClientException"),
        (403, "InvalidSignatureException"),
        (403, "HTTP 403"),
    ] {
        assert_eq!(first(refused(status, code)).unwrap_err().code, code);
    }
    let missing = CallError::Credentials(SigningError {
        kind: SigningErrorKind::NotGranted,
        message: "not granted".to_owned(),
    });
    assert_eq!(first(missing).unwrap_err().class, ErrorClass::Denied);
}

#[test]
fn a_service_that_still_throttles_ends_the_batch_at_once() {
    for error in [
        refused(400, "ThrottlingException"),
        refused(429, "HTTP 429"),
    ] {
        let error = first(error).unwrap_err();
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::Throttled, true)
        );
    }
}

#[test]
fn the_end_of_the_time_ends_the_batch_with_an_error_that_is_retryable() {
    let deadline = CallError::Deadline {
        operation: "Whisper",
    };
    let error = first(deadline).unwrap_err();
    assert_eq!((error.code.as_str(), error.retryable), ("NoTimeLeft", true));
}

#[test]
fn the_sixteenth_request_in_a_row_without_an_answer_ends_the_batch() {
    for error in unanswered() {
        let errors = vec![error.clone(); 16];
        let mut outcomes = one_runs(&mut Batch::default(), &errors);
        let last = outcomes.pop().unwrap();
        assert!(outcomes.iter().all(Result::is_ok), "{error:?}");
        assert!(last.is_err(), "{error:?}");
    }
}

#[test]
fn any_answer_in_between_begins_the_count_anew() {
    let fifteen = vec![lost(ErrorKind::Timeout); 15];
    let answered = |batch: &mut Batch| batch.answered();
    let refusal = |batch: &mut Batch| {
        assert!(one_runs(batch, &[refused(400, "ValidationException")])[0].is_ok());
    };
    let too_large = |batch: &mut Batch| {
        assert!(one_runs(batch, &[lost(ErrorKind::BodyTooLarge)])[0].is_ok());
    };
    for between in [&answered as &dyn Fn(&mut Batch), &refusal, &too_large] {
        let mut batch = Batch::default();
        for _ in 0..2 {
            assert!(one_runs(&mut batch, &fifteen).iter().all(Result::is_ok));
            between(&mut batch);
        }
    }
    let mut batch = Batch::default();
    one_runs(&mut batch, &fifteen);
    // A failure within the service is no answer to what was asked.
    assert!(one_runs(&mut batch, &[refused(503, "HTTP 503")])[0].is_err());
}
