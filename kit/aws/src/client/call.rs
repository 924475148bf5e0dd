//! One call of an operation, over all of its attempts.

use job_type_kit::contract::http::Response;

use super::Operation;
use crate::error::CallError;

/// One input on its way to its result.
#[derive(Clone, Default)]
pub(super) struct Call {
    pub(super) body: Vec<u8>,
    pub(super) attempts_made: u32,
    pub(super) token_renewed: bool,
    pub(super) clock_corrected: bool,
    pub(super) last_error: Option<CallError>,
    pub(super) result: Option<Result<Response, CallError>>,
}

impl Call {
    pub(super) fn new<O: Operation>(input: &O) -> Self {
        match serde_json::to_vec(input) {
            Ok(body) => Self {
                body,
                ..Self::default()
            },
            Err(error) => Self {
                result: Some(Err(CallError::Garbled {
                    operation: O::NAME,
                    reason: format!("the request can't be written as JSON: {error}"),
                    request_id: None,
                })),
                ..Self::default()
            },
        }
    }

    /// The result, or for a call without one the reason of its last attempt.
    pub(super) fn into_result(self, operation: &'static str) -> Result<Response, CallError> {
        self.result
            .unwrap_or_else(|| Err(self.last_error.unwrap_or(CallError::Deadline { operation })))
    }
}
