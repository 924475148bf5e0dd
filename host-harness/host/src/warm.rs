//! An instance that is used for more than one call, for benchmarks only: the difference to other
//! calls is what a fresh instance costs. A host never does this, because a plugin could keep state in
//! the instance.

use std::sync::Arc;

use wasmtime::Store;

use crate::contract::component::Instance;
use crate::contract::{Error, Run, RunStatus};
use crate::job_type::JobType;
use crate::sandbox::fault::CallFault;
use crate::sandbox::state::CallState;
use crate::swap::generation::Generation;

const FUNCTION: &str = "status";

/// An instance that stays. Each call gets fresh limits.
pub struct WarmInstance {
    job_type: JobType,
    generation: Arc<Generation>,
    store: Store<CallState>,
    instance: Instance,
}

impl JobType {
    /// An instance that stays, for benchmarks.
    ///
    /// # Errors
    ///
    /// The plugin breaks when it is instantiated.
    pub async fn warm(&self) -> Result<WarmInstance, CallFault> {
        let generation = self.generation();
        let call = self.new_call(&generation, FUNCTION);
        let mut store = call.store(call.deadline());
        let instance = call.component.instantiate(&mut store).await;
        let instance = instance.map_err(|error| CallFault::Host(format!("{error:#}")))?;
        Ok(WarmInstance {
            job_type: self.clone(),
            generation,
            store,
            instance,
        })
    }
}

impl WarmInstance {
    /// Asks the platform for the state of a run, as [`JobType::status`] does.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: the platform refused or can't be reached.
    pub async fn status(&mut self, run: &Run) -> Result<Result<RunStatus, Error>, CallFault> {
        let call = self.job_type.new_call(&self.generation, FUNCTION);
        *self.store.data_mut() = call.state(call.deadline());
        self.store.set_epoch_deadline(1);
        self.instance
            .status(&mut self.store, self.job_type.connection(), run)
            .await
            .map_err(|error| CallFault::Host(format!("{error:#}")))
    }
}
