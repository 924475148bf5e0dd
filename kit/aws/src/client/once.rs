//! One call of an operation that must not be carried out twice, where the service doesn't recognise a
//! repetition.

use job_type_kit::contract::Error;

use super::{Client, Operation};
use crate::retry;

/// What is known where a start may have been carried out, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The ids of the runs that may be the one that was asked for.
    pub candidates: Vec<String>,
    /// How a person finds out.
    pub hint: String,
}

impl Client<'_> {
    /// Calls one operation by the policy [`ONCE`](retry::ONCE), and reads what the caller needs of the
    /// answer. Where the service may have carried it out, and nobody knows, `look` finds out what it can;
    /// it gets the host's time before the call.
    ///
    /// # Errors
    /// `NotAnswered` of class `uncertain` where it may have been carried out: the answer was lost, can't
    /// be read, or lacks what is needed. Else the refusal.
    pub fn ask_once<O: Operation, T>(
        &self,
        input: &O,
        read: impl FnOnce(O::Output) -> Option<T>,
        look: impl FnOnce(u64) -> Doubt,
    ) -> Result<T, Error> {
        let began = self.host.now();
        let (why, request_id) = match self.call_with(retry::ONCE, input) {
            Ok(answer) => match read(answer) {
                Some(read) => return Ok(read),
                None => ("the answer lacks what it has to have".to_owned(), None),
            },
            Err(error) => {
                let is_uncertain = self.service.may_have_carried_out(&error);
                let error = self.contract_error::<O>(error);
                if !is_uncertain {
                    return Err(error);
                }
                (error.summary(), error.request_id)
            }
        };
        let Doubt { candidates, hint } = look(began);
        let message = format!(
            "{} may have carried out {}, or not: {why}",
            self.service.name,
            O::NAME
        );
        Err(Error {
            request_id,
            ..Error::uncertain("NotAnswered", message, candidates, hint)
        })
    }
}
