//! Expectations of a call's answer.

use polysync_host::Answer;
use polysync_host::contract::Error;

/// The value that a call returns. The test fails on any error.
#[track_caller]
pub(crate) fn answer<T>(answer: Answer<T>) -> T {
    match answer {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => panic!("the call was refused: {error:?}"),
        Err(error) => panic!("the plugin broke: {error}"),
    }
}

/// The error that a call is refused with. The test fails if it isn't refused.
#[track_caller]
pub(crate) fn refusal<T>(answer: Answer<T>) -> Error {
    match answer {
        Ok(Ok(_)) => panic!("the call was not refused"),
        Ok(Err(error)) => error,
        Err(error) => panic!("the plugin broke: {error}"),
    }
}
