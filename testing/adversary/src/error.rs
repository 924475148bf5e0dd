//! Reads a refusal with any status, headers and body: it must become an error with a code, a message
//! and a class.

use crate::script::{Answer, Script};
use aws_kit::response;
use job_type_kit::contract::http::{Header, Response};
use job_type_kit::contract::{Error, ErrorClass};
use sagemaker_pipeline::service::SAGEMAKER;

/// Reads the script's first answer as a refusal.
///
/// # Panics
/// Where the error is not sound.
pub fn error(bytes: &[u8]) {
    let Answer::Response {
        status,
        headers,
        body,
    } = Script::read(bytes).answer(0)
    else {
        return;
    };
    let response = Response {
        status,
        headers: header_list(headers),
        body,
    };
    if let Err(refusal) = response::success(response) {
        expect_sound(&SAGEMAKER.contract_error("StartPipelineExecution", refusal));
    }
}

pub(crate) fn header_list(headers: Vec<(String, String)>) -> Vec<Header> {
    headers
        .into_iter()
        .map(|(name, value)| Header { name, value })
        .collect()
}

/// Checks what holds for every error that a host gets.
pub(crate) fn expect_sound(error: &Error) {
    const LONGEST_CODE: usize = 128;
    let is_word = error.code.bytes().all(|b| b.is_ascii_graphic());
    let is_status = error.code.strip_prefix("HTTP ").is_some();
    assert!(
        !error.code.is_empty() && error.code.len() <= LONGEST_CODE && (is_word || is_status),
        "a code is a word: {error:?}"
    );
    assert!(!error.message.trim().is_empty(), "{error:?}");
    if matches!(error.class, ErrorClass::Throttled | ErrorClass::Unavailable) {
        assert!(!error.hint.is_empty(), "{error:?}");
    }
    if error.class == ErrorClass::Invalid {
        assert!(!error.retryable, "{error:?}");
    }
    // The job type's starts can be repeated, so that it leaves nobody in doubt.
    assert_ne!(error.class, ErrorClass::Uncertain, "{error:?}");
}
