//! Many calls of one operation at the pace that the service allows, in batches whose answers the
//! host can hold.

use std::collections::VecDeque;

use job_type_kit::contract::log::Level;

use super::{Client, Operation};
use crate::error::CallError;
use crate::pace::Pace;
use crate::retry::{self, Retryability};

impl Client<'_> {
    /// Calls one operation with many inputs, at most `most` together, and passes each result to
    /// `take` with the index of its input, as it comes.
    ///
    /// # Errors
    /// The first error that `take` returns ends the calls.
    pub fn call_paced<O: Operation, E>(
        &self,
        inputs: &[O],
        most: usize,
        mut take: impl FnMut(usize, Result<O::Output, CallError>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut waiting: VecDeque<(usize, &O)> = inputs.iter().enumerate().collect();
        let mut pace = Pace::new(most);
        while !waiting.is_empty() {
            self.wait(&pace);
            let batch: Vec<_> = waiting.drain(..pace.batch().min(waiting.len())).collect();
            let sent = self.host.now();
            let results = self.call_many(retry::PACED, batch.iter().map(|(_, input)| *input));
            let mut refusals = Vec::new();
            let mut too_large = false;
            for (&(index, input), result) in batch.iter().zip(results) {
                match result {
                    Err(error) if retry::classify(&error, sent) == Retryability::Throttled => {
                        refusals.push((index, input, error));
                    }
                    Err(error) if error.is_body_too_large() && !pace.is_least() => {
                        too_large = true;
                        waiting.push_back((index, input));
                    }
                    result => take(index, result)?,
                }
            }
            if too_large {
                pace.halve();
            }
            pace.record(
                self.host,
                sent,
                batch.len() - refusals.len(),
                refusals.len(),
            );
            let asked_for = refusals
                .iter()
                .filter_map(|(_, _, error)| error.retry_after_milliseconds());
            if let Some(delay) = asked_for.max() {
                pace.not_before(self.host.now().saturating_add(delay));
            }
            let goes_on = self.goes_on::<O>(&pace, refusals.len());
            for (index, input, error) in refusals {
                if goes_on {
                    waiting.push_back((index, input));
                } else {
                    take(index, Err(error))?;
                }
            }
        }
        Ok(())
    }

    fn wait(&self, pace: &Pace) {
        let wait = pace.wait(self.host.now());
        if wait > 0 {
            self.host.sleep(wait);
        }
    }

    /// Whether the requests that were refused as too many are to be sent again.
    fn goes_on<O: Operation>(&self, pace: &Pace, refused: usize) -> bool {
        if refused == 0 {
            return true;
        }
        let now = self.host.now();
        let wait = pace.wait(now);
        let goes_on = !pace.is_hopeless() && now.saturating_add(wait) < self.host.deadline();
        if goes_on {
            self.host.log(
                Level::Info,
                &format!(
                    "{} is throttled: the next {} together in {wait} ms",
                    O::NAME,
                    pace.batch()
                ),
            );
        }
        goes_on
    }
}
