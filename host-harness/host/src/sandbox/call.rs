//! One call of a plugin: it waits for a place, runs in a fresh instance, and ends in an answer or a
//! fault.

use std::sync::Arc;

use wasmtime::{Engine, PoolConcurrencyLimitError, Store, UpdateDeadline};

use crate::contract::component::{Component, Instance};
use crate::identity::PluginIdentity;
use crate::limits::deadline::Deadline;
use crate::sandbox::fault::{CallFault, DeadlinePassed};
use crate::sandbox::places::{Place, Places};
use crate::sandbox::session::Session;
use crate::sandbox::slot_quota::SlotQuota;
use crate::sandbox::state::CallState;

/// What to call, and for whom.
pub(crate) struct Call<'a> {
    pub(crate) engine: &'a Engine,
    /// The places, one of which the call needs.
    pub(crate) places: &'a Places,
    pub(crate) quota: &'a Arc<SlotQuota>,
    pub(crate) component: &'a dyn Component,
    pub(crate) plugin: &'a Arc<PluginIdentity>,
    pub(crate) session: &'a Session,
    pub(crate) function: &'static str,
}

impl Call<'_> {
    /// Waits for a place, then asks a fresh instance, in a store that is used for nothing else.
    pub(crate) async fn run<T>(
        self,
        ask: impl AsyncFnOnce(&Instance, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallFault> {
        let deadline = self.deadline();
        let (places, session, quota) = (self.places, self.session, self.quota);
        match places.try_take(&session.places, &quota.places) {
            Ok(place) => self.run_in(place, deadline, ask).await,
            Err(_full) => {
                let limit = session.limits.wait_timeout;
                let place = places.take(&session.places, &quota.places);
                let place = tokio::time::timeout(limit, place)
                    .await
                    .map_err(|_elapsed| CallFault::NoPlace { limit })?
                    .map_err(|closed| CallFault::Host(closed.to_string()))?;
                let half = Deadline::after(session.limits.call_timeout / 2, &*session.clock);
                self.run_in(place, deadline.or_later(half), ask).await
            }
        }
    }

    /// Asks a fresh instance, in a store that is used for nothing else.
    pub(crate) async fn run_in<T>(
        self,
        _place: Place<'_>,
        deadline: Deadline,
        ask: impl AsyncFnOnce(&Instance, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallFault> {
        let limits = &self.session.limits;
        let mut store = self.store(deadline);
        // The epoch ends a plugin that computes, this timeout one that waits for the host.
        let answer = tokio::time::timeout_at(deadline.instant().into(), async {
            let instance = self.instantiate(&mut store, deadline).await?;
            ask(&instance, &mut store).await
        });
        match answer.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                let state = store.into_data();
                Err(CallFault::from_engine(
                    &error,
                    &state.memory,
                    state.log,
                    limits,
                ))
            }
            Err(_elapsed) => Err(CallFault::Timeout {
                limit: limits.call_timeout,
            }),
        }
    }

    /// The deadline of a call that begins now.
    pub(crate) fn deadline(&self) -> Deadline {
        Deadline::after(self.session.limits.call_timeout, &*self.session.clock)
    }

    /// The state of a call that ends at the deadline.
    pub(crate) fn state(&self, deadline: Deadline) -> CallState {
        CallState::new(
            self.session,
            self.quota,
            self.plugin,
            self.function,
            deadline,
        )
    }

    /// A store for one call, with the limits enforced.
    pub(crate) fn store(&self, deadline: Deadline) -> Store<CallState> {
        let state = self.state(deadline);
        let mut store = Store::new(self.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(self.session.limits.transfer_bytes);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| {
            if store.data().deadline.has_passed() {
                Err(DeadlinePassed.into())
            } else {
                Ok(UpdateDeadline::Yield(1))
            }
        });
        store
    }

    async fn instantiate(
        &self,
        store: &mut Store<CallState>,
        deadline: Deadline,
    ) -> wasmtime::Result<Instance> {
        loop {
            match self.component.instantiate(store).await {
                // The place guarantees a free slot in the engine's pool, but the engine searches
                // the pool part by part: when other calls take and free slots meanwhile, it can
                // find none.
                Err(error) if error.is::<PoolConcurrencyLimitError>() => {
                    *store = self.store(deadline);
                    tokio::task::yield_now().await;
                }
                instance => return instance,
            }
        }
    }
}
