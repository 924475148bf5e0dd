//! Many requests of one call: which errors are one run's, and which all would meet.

use job_type_kit::contract::{Error, ErrorClass};

use crate::client::{Client, Operation};
use crate::error::CallError;

/// After how many requests in a row that the service gave no answer to it is not asked for more.
const UNANSWERED: usize = 16;

/// What has come of the requests of one call so far.
#[derive(Debug, Default)]
pub struct Batch {
    unanswered: usize,
}

impl Batch {
    /// Notes that the service has answered a request.
    pub fn answered(&mut self) {
        self.unanswered = 0;
    }

    /// The error of one run. Its place is in the run's own outcome.
    ///
    /// # Errors
    /// The same, where every other run would meet it too: there is no time, the credentials are refused,
    /// the service throttles, or it has not answered for long.
    pub fn error_of_one<O: Operation>(
        &mut self,
        client: &Client<'_>,
        error: CallError,
    ) -> Result<Error, Error> {
        if matches!(error, CallError::Deadline { .. }) {
            return Err(Error::no_time_for_status());
        }
        let is_refusal = matches!(error, CallError::Service(_)) || error.is_body_too_large();
        let error = client.contract_error::<O>(error);
        match error.class {
            ErrorClass::Denied if !error.code.starts_with("AccessDenied") => return Err(error),
            ErrorClass::Throttled => return Err(error),
            class if is_refusal && class != ErrorClass::Unavailable => self.unanswered = 0,
            _ => self.unanswered += 1,
        }
        match self.unanswered {
            UNANSWERED.. => Err(error),
            _ => Ok(error),
        }
    }
}

#[cfg(test)]
mod tests;
