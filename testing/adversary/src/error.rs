//! One refusal, whatever its status, headers and body: it has a code, words, and a class.

use crate::script::{Answer, Script};
use sagemaker_pipeline::aws::response;
use sagemaker_pipeline::error::{Error, ErrorClass};
use sagemaker_pipeline::host::HttpResponse;
use sagemaker_pipeline::pipeline::api::StartPipelineExecution;
use sagemaker_pipeline::pipeline::failure;

/// Reads the script's first answer as a refusal.
///
/// # Panics
/// Where what the host is told isn't sound.
pub fn error(bytes: &[u8]) {
    let Answer::Response {
        status,
        headers,
        body,
    } = Script::read(bytes).answer(0)
    else {
        return;
    };
    let response = HttpResponse {
        status,
        headers,
        body,
    };
    if let Err(refusal) = response::success(response) {
        expect_sound(&failure::of::<StartPipelineExecution>(refusal));
    }
}

/// What is true of every error that the host is told.
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
    if matches!(error.class, ErrorClass::Invalid | ErrorClass::NotFound) {
        assert!(!error.retryable, "{error:?}");
    }
}
