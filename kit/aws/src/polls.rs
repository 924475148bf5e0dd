//! The states of many runs, each read once: by listings that tell of several, and by a request each.

use std::collections::{BTreeMap, BTreeSet};

use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, RunStatus};

use crate::batch::Batch;
use crate::client::{Bounds, Client, Operation};
use crate::pace::Pace;

/// The runs of one call, each known by an id of the job type's own.
pub struct Polls<'h, R> {
    client: Client<'h>,
    pace: Pace,
    batch: Batch,
    /// The runs that nothing is known of.
    open: BTreeSet<R>,
    known: BTreeMap<R, Result<RunStatus, Error>>,
}

impl<'h, R: Clone + Ord> Polls<'h, R> {
    /// Answers the call `statuses`: `read` reads the runs, with this many requests together at the most.
    /// Each run has its own outcome. What `read` returns as an error is that of each run that is left,
    /// and a run that there was no time for has an error that is retryable.
    pub fn outcomes(
        client: Result<Client<'h>, Error>,
        together: usize,
        ids: Vec<Result<R, Error>>,
        read: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Vec<Result<RunStatus, Error>> {
        let (known, left) = match client {
            Ok(client) => {
                let bounds = Bounds::of_many(client.host());
                let mut polls = Self {
                    client: client.within(bounds),
                    pace: Pace::new(together),
                    batch: Batch::default(),
                    open: ids.iter().flatten().cloned().collect(),
                    known: BTreeMap::new(),
                };
                let ended = read(&mut polls).err();
                (polls.known, ended.unwrap_or_else(Error::no_time_for_status))
            }
            Err(error) => (BTreeMap::new(), error),
        };
        ids.into_iter()
            .map(|id| {
                known
                    .get(&id?)
                    .cloned()
                    .unwrap_or_else(|| Err(left.clone()))
            })
            .collect()
    }

    /// The runs that nothing is known of.
    pub fn open(&self) -> impl Iterator<Item = &R> {
        self.open.iter()
    }

    /// Sends listings, and notes the runs among those that `read` finds in an answer to one of them, at
    /// this time of the host's. A listing that fails is passed over: its runs can be read on their own.
    ///
    /// # Errors
    /// The error that every run would meet.
    pub fn list<O: Operation>(
        &mut self,
        listings: &[O],
        read: impl Fn(&O, O::Output, u64) -> Vec<(R, RunStatus)>,
    ) -> Result<(), Error> {
        let Self {
            client,
            pace,
            batch,
            open,
            known,
        } = self;
        client.call_paced(pace, listings, |index, result| {
            match (listings.get(index), result) {
                (Some(listing), Ok(answer)) => {
                    batch.answered();
                    let found = read(listing, answer, client.host().now()).into_iter();
                    let found = found.filter(|(id, _)| open.remove(id));
                    known.extend(found.map(|(id, status)| (id, Ok(status))));
                }
                (_, Err(error)) => {
                    let error = batch.error_of_one::<O>(client, error)?;
                    let text = format!(
                        "runs can't be listed, so that each is read: {}",
                        error.summary()
                    );
                    client.host().log(Level::Info, &text);
                }
                (None, Ok(_)) => {}
            }
            Ok(())
        })
    }

    /// Reads each run that is left by a request of its own.
    ///
    /// # Errors
    /// The error that every further run would meet.
    pub fn read_each<O: Operation>(
        &mut self,
        request: impl Fn(&R) -> O,
        read: impl Fn(&R, O::Output, u64) -> Result<RunStatus, Error>,
    ) -> Result<(), Error> {
        let mut left: Vec<R> = self.open.iter().cloned().collect();
        // Where the time is never enough for all, another part of them is left each time.
        let first = self.client.host().any_place(left.len());
        left.rotate_left(first);
        let inputs: Vec<_> = left.iter().map(request).collect();
        let Self {
            client,
            pace,
            batch,
            known,
            ..
        } = self;
        client.call_paced(pace, &inputs, |index, result| {
            let Some(id) = left.get(index) else {
                return Ok(());
            };
            let outcome = match result {
                Ok(answer) => {
                    batch.answered();
                    read(id, answer, client.host().now())
                }
                Err(error) => Err(batch.error_of_one::<O>(client, error)?),
            };
            known.insert(id.clone(), outcome);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
