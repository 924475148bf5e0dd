//! The calls that tell what a plugin is and needs: they use no import, and nothing is granted to them.

use std::sync::Arc;

use wasmtime::Store;

use crate::contract::component::{Called, Component, Instance};
use crate::host::Shared;
use crate::identity::PluginIdentity;
use crate::sandbox::call::Call;
use crate::sandbox::fault::CallFault;
use crate::sandbox::session::Session;
use crate::sandbox::slot_quota::SlotQuota;
use crate::sandbox::state::CallState;

/// A plugin to ask what it is and needs.
pub(crate) struct Unprivileged<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) component: &'a dyn Component,
    pub(crate) quota: &'a Arc<SlotQuota>,
    pub(crate) plugin: &'a Arc<PluginIdentity>,
}

impl Unprivileged<'_> {
    /// Asks in a fresh instance, in one of the places that are kept for this.
    pub(crate) async fn ask<T>(
        self,
        function: &'static str,
        ask: impl AsyncFnOnce(&Instance, &mut Store<CallState>) -> Called<T>,
    ) -> Result<T, CallFault> {
        let shared = self.shared;
        let session = Session::without_connection(&shared.limits, &shared.memory, &shared.http);
        let call = Call {
            engine: &shared.engine,
            places: &shared.describes,
            quota: self.quota,
            component: self.component,
            plugin: self.plugin,
            session: &session,
            function,
        };
        // Others end at their deadlines, so the wait ends, and a plugin isn't refused for it.
        let place = shared
            .describes
            .take(&session.places, &self.quota.places)
            .await
            .map_err(|closed| CallFault::Host(closed.to_string()))?;
        let deadline = call.deadline();
        call.run_in(place, deadline, ask).await
    }
}
