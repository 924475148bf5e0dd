//! How many runs are, in as few calls as the plugin's version of the contract needs.

use std::pin::pin;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::poll_order::PollOrder;
use super::{Answer, JobType};
use crate::contract::component::StatusCalls;
use crate::contract::{Run, RunStatus, Size};
use crate::sandbox::fault::{CallError, CallFault};
use crate::text::statuses::Statuses;

impl JobType {
    /// Asks the platform for the states of many runs, with as few requests as the plugin can. The answers
    /// are in the order of the runs; a run that occurs twice is asked for once.
    ///
    /// A plugin that answers for many runs is called for at most
    /// [`Limits::runs_per_call`](crate::Limits::runs_per_call) of them, which are those of the same job
    /// where possible. Several such calls run one after the other, because at the same time they would
    /// use up the platform's quota of requests and throttle each other. So many runs can take several
    /// times [`Limits::call_timeout`](crate::Limits::call_timeout).
    ///
    /// A plugin of version 0.1 of the contract answers for one run in each call. At most
    /// [`Limits::requests_at_once`](crate::Limits::requests_at_once) of these calls run at the same time,
    /// and not more than the shares of the connection and of the slot. The answers for as many runs as
    /// [`Limits::runs_per_call`](crate::Limits::runs_per_call) have at most
    /// [`Limits::transfer_bytes`](crate::Limits::transfer_bytes), as those of one call have.
    ///
    /// The plugin that serves at the beginning answers for all of them.
    ///
    /// # Errors
    ///
    /// Each run has its own, as for [`status`](Self::status). A call that the plugin breaks fails for the
    /// runs of that call.
    pub async fn statuses(&self, runs: &[Run]) -> Vec<Answer<RunStatus>> {
        let order = PollOrder::new(runs);
        let pinned = self.pin();
        let generation = pinned.generation();
        let answers = match generation.plugin.component().status_calls() {
            StatusCalls::Together => {
                let limit = generation.plugin.host().limits().runs_per_call;
                pinned.ask_together(order.runs(), limit).await
            }
            StatusCalls::Each => {
                let limits = generation.plugin.host().limits();
                let at_once = limits
                    .requests_at_once
                    .min(self.session.places.size())
                    .min(generation.quota.places.size());
                let mut all = Vec::with_capacity(order.runs().len());
                for runs in order.runs().chunks(limits.runs_per_call.max(1)) {
                    all.extend(pinned.ask_each(runs, at_once).await);
                }
                all
            }
        };
        order.in_named_order(answers)
    }

    /// Asks for at most `limit` runs in each call, one call after the other.
    async fn ask_together(&self, runs: &[Run], limit: usize) -> Vec<Answer<RunStatus>> {
        let mut all = Vec::with_capacity(runs.len());
        for runs in runs.chunks(limit.max(1)) {
            let answers = self.call("statuses", None, async |guest, store| {
                let answers = guest.statuses(store, self.connection(), runs).await?;
                let asked = runs.len();
                Ok(Statuses { asked, answers })
            });
            match answers.await {
                Ok(Statuses { answers, .. }) => all.extend(answers.into_iter().map(Ok)),
                Err(error) => all.extend(runs.iter().map(|_| Err(error.clone()))),
            }
        }
        all
    }

    /// Asks for one run in each call, with at most `at_once` calls at the same time. The answers of all of
    /// them together have the memory of one call's; runs past that are not asked for.
    async fn ask_each(&self, runs: &[Run], at_once: usize) -> Vec<Answer<RunStatus>> {
        let generation = self.generation();
        let limit = generation.plugin.host().limits().transfer_bytes;
        // Each future owns its run, because the compiler can't prove that a future that borrows it is
        // `Send`.
        let answers = stream::iter(runs.to_vec())
            .map(|run| async move { self.status(&run).await })
            .buffered(at_once);
        let mut answers = pin!(answers);
        let mut kept = Vec::with_capacity(runs.len());
        let mut bytes = 0_usize;
        while let Some(answer) = answers.next().await {
            bytes = bytes.saturating_add(answer.as_ref().map_or(0, Size::size));
            if bytes > limit {
                break;
            }
            kept.push(answer);
        }
        kept.resize_with(runs.len(), || {
            Err(CallError {
                plugin: Arc::clone(&generation.identity),
                function: "status",
                fault: CallFault::TooMuchData { limit },
            })
        });
        kept
    }
}
