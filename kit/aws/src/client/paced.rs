//! Many calls of one operation at the pace that the service allows, in batches whose answers the
//! host can hold.

use std::collections::VecDeque;

use job_type_kit::contract::http::Response;
use job_type_kit::contract::log::Level;

use super::{Call, Client, Operation};
use crate::error::CallError;
use crate::pace::Pace;
use crate::response;
use crate::retry::{self, Retryability};

impl Client<'_> {
    /// Calls one operation with many inputs, in batches at this pace, and passes each result to `take`
    /// with the index of its input, as it comes. The pace is that of further calls too, where they
    /// share it.
    ///
    /// # Errors
    /// The first error that `take` returns ends the calls.
    pub fn call_paced<O: Operation, E>(
        &self,
        pace: &mut Pace,
        inputs: &[O],
        mut take: impl FnMut(usize, Result<O::Output, CallError>) -> Result<(), E>,
    ) -> Result<(), E> {
        let calls: Vec<_> = inputs.iter().map(Call::new).collect();
        let mut outcome = Ok(());
        self.send_paced(O::NAME, pace, &calls, &mut |index, result| {
            outcome = take(
                index,
                result.and_then(|answer| response::parse(O::NAME, &answer)),
            );
            outcome.is_ok()
        });
        outcome
    }

    /// Sends until `take` has the result of each call, or returns false. It is not generic, so that it
    /// is compiled once for all operations.
    fn send_paced(
        &self,
        operation: &'static str,
        pace: &mut Pace,
        calls: &[Call],
        take: &mut dyn FnMut(usize, Result<Response, CallError>) -> bool,
    ) {
        let mut waiting: VecDeque<usize> = (0..calls.len()).collect();
        while !waiting.is_empty() {
            let wait = pace.wait(self.host.now());
            if self.is_too_late(wait) {
                let mut late = waiting.into_iter();
                late.all(|index| take(index, Err(CallError::Deadline { operation })));
                return;
            }
            if wait > 0 {
                self.host.sleep(wait);
            }
            let batch: Vec<_> = waiting.drain(..pace.batch().min(waiting.len())).collect();
            let sent = self.host.now();
            let unsent = batch.iter().filter_map(|index| calls.get(*index).cloned());
            let results = self.exchange(operation, retry::PACED, unsent.collect());
            let mut refusals = Vec::new();
            let mut too_large = false;
            for (&index, result) in batch.iter().zip(results) {
                match result {
                    Err(error) if self.is_throttled(&error, sent) => {
                        refusals.push((index, error));
                    }
                    Err(error) if error.is_body_too_large() && !pace.is_least() => {
                        too_large = true;
                        waiting.push_back(index);
                    }
                    result => {
                        if !take(index, result) {
                            return;
                        }
                    }
                }
            }
            if too_large {
                pace.halve();
            }
            self.adjust(pace, sent, batch.len(), &refusals);
            let goes_on = self.goes_on(operation, pace, refusals.len());
            for (index, error) in refusals {
                if goes_on {
                    waiting.push_back(index);
                } else if !take(index, Err(error)) {
                    return;
                }
            }
        }
    }

    fn is_throttled(&self, error: &CallError, sent: u64) -> bool {
        retry::classify(self.service, error, sent) == Retryability::Throttled
    }

    /// Adjusts the pace to what came of a batch that was sent at this time.
    fn adjust(&self, pace: &mut Pace, sent: u64, count: usize, refusals: &[(usize, CallError)]) {
        let refused = refusals.len();
        pace.record(self.host, sent, count.saturating_sub(refused), refused);
        let asked_for = refusals
            .iter()
            .filter_map(|(_, error)| error.retry_after_milliseconds());
        if let Some(delay) = asked_for.max() {
            pace.not_before(self.host.now().saturating_add(delay));
        }
    }

    /// Whether the requests that were refused as too many are to be sent again.
    fn goes_on(&self, operation: &str, pace: &Pace, refused: usize) -> bool {
        if refused == 0 {
            return true;
        }
        let wait = pace.wait(self.host.now());
        let goes_on = !pace.is_hopeless() && !self.is_too_late(wait);
        if goes_on {
            self.host.log(
                Level::Info,
                &format!(
                    "{operation} is throttled: the next {} together in {wait} ms",
                    pace.batch()
                ),
            );
        }
        goes_on
    }
}
