//! An instance that is used for more than one call, for benchmarks only: it tells what of a call is
//! the price of a fresh instance. A host never keeps one, because a plugin could remember in it.

use std::sync::Arc;

use wasmtime::Store;

use crate::call::{CallState, Session};
use crate::contract::{Connection, Error, Instance, Run, RunStatus};
use crate::error::CallFault;
use crate::identity::PluginIdentity;

/// An instance that stays, with a deadline that is never renewed.
pub struct WarmInstance {
    pub(crate) store: Store<CallState>,
    pub(crate) instance: Instance,
    pub(crate) session: Arc<Session>,
    pub(crate) plugin: Arc<PluginIdentity>,
    pub(crate) connection: Arc<Connection>,
}

impl WarmInstance {
    /// How a run is, as [`JobType::status`](crate::JobType::status) tells.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no.
    pub async fn status(&mut self, run: &Run) -> Result<Result<RunStatus, Error>, CallFault> {
        *self.store.data_mut() = CallState::new(
            Arc::clone(&self.session),
            Arc::clone(&self.plugin),
            "status",
        );
        self.store.set_epoch_deadline(1);
        self.instance
            .polysync_job_type_job_type()
            .call_status(&mut self.store, &self.connection, run)
            .await
            .map_err(|error| CallFault::Host(format!("{error:#}")))
    }
}
