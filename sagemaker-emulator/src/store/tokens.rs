//! The client request tokens that make a repeated request idempotent.

use std::collections::HashMap;

use serde_json::Value;

use crate::api::error::ServiceError;
use crate::api::operation::Operation;

/// How the service answers a repeated request with the same client token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenRepeat {
    /// With the answer to the first request.
    #[default]
    SameAnswer,
    /// With a `ConflictException`. In both cases nothing is done twice.
    Conflict,
}

/// The tokens used so far.
#[derive(Debug, Default)]
pub(crate) struct Tokens(HashMap<(Operation, String), UsedToken>);

#[derive(Debug)]
struct UsedToken {
    request: Value,
    answer: String,
}

impl Tokens {
    /// The answer to the first request with this token, or `None` if the token is new.
    pub(crate) fn earlier_answer(
        &self,
        operation: Operation,
        token: &str,
        request: &Value,
        on_repeat: TokenRepeat,
    ) -> Result<Option<String>, ServiceError> {
        match self.0.get(&(operation, token.to_owned())) {
            None => Ok(None),
            Some(used) if used.request != *request => Err(ServiceError::conflict(
                "The client request token was used before, with another request.",
            )),
            Some(_) if on_repeat == TokenRepeat::Conflict => Err(ServiceError::conflict(
                "A request with this client request token has been made already.",
            )),
            Some(used) => Ok(Some(used.answer.clone())),
        }
    }

    pub(crate) fn insert(
        &mut self,
        operation: Operation,
        token: String,
        request: Value,
        answer: String,
    ) {
        self.0
            .insert((operation, token), UsedToken { request, answer });
    }
}
