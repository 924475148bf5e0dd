//! A plugin on behalf of one connection: the contract's calls.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use tracing::{Instrument, debug, debug_span};
use wasmtime::Store;

use crate::access::Access;
use crate::call::{Call, CallState, Session};
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, DiscoveredJob,
    DiscoveryPage, Error, Finding, Guest, Job, Run, RunStatus, StartedRun, StepPage,
};
use crate::error::CallError;
#[cfg(feature = "measure")]
use crate::error::CallFault;
use crate::generation::Generation;
use crate::identity::PluginIdentity;
use crate::plugin::Plugin;
use crate::slot::Slot;
#[cfg(feature = "measure")]
use crate::warm::WarmInstance;

/// What a call of the contract gives: outside, whether the plugin worked; inside, what the platform
/// had to say.
pub type Answer<T> = Result<Result<T, Error>, CallError>;

/// A plugin on behalf of one connection. Cheap to clone, and can be called from many tasks at once.
///
/// Each call runs in an instance of its own, with its own memory and deadline, and leaves nothing
/// behind. Dropping a call's future ends the call; what it asked of the platform may be done all
/// the same. All calls fail with a [`CallError`] where the plugin breaks or uses up a limit.
#[derive(Clone)]
pub struct JobType {
    answering: Answering,
    connection: Arc<Connection>,
    session: Arc<Session>,
}

/// Who answers a call.
#[derive(Clone)]
enum Answering {
    /// Whoever serves when the call begins.
    Slot(Slot),
    /// This one, whatever is swapped meanwhile.
    Pinned(Arc<Generation>),
}

impl JobType {
    pub(crate) fn of_slot(slot: Slot, connection: Connection, access: Access) -> Self {
        let session = Session::new(slot.plugin().host(), &connection, access);
        Self {
            answering: Answering::Slot(slot),
            connection: Arc::new(connection),
            session: Arc::new(session),
        }
    }

    pub(crate) fn of_plugin(plugin: Plugin, connection: Connection, access: Access) -> Self {
        Self::of_slot(Slot::new(plugin), connection, access).pin()
    }

    /// The generation that serves now, whatever is swapped in later: for calls that belong
    /// together, and to know who answers.
    #[must_use]
    pub fn pin(&self) -> Self {
        Self {
            answering: Answering::Pinned(self.generation()),
            ..self.clone()
        }
    }

    /// Which plugin a call would be answered by now.
    #[must_use]
    pub fn identity(&self) -> Arc<PluginIdentity> {
        Arc::clone(&self.generation().identity)
    }

    fn generation(&self) -> Arc<Generation> {
        match &self.answering {
            Answering::Slot(slot) => slot.serving(),
            Answering::Pinned(generation) => Arc::clone(generation),
        }
    }

    /// The connection that it answers for.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What is wrong with a job, without asking the platform. With `declared`, as `discover` or
    /// `inspect` gave them, the parameters are checked against it. Empty: all is well.
    ///
    /// # Errors
    ///
    /// The plugin broke.
    pub async fn validate(
        &self,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Result<Vec<Finding>, CallError> {
        self.call("validate", None, async |guest, store| {
            guest
                .call_validate(store, &self.connection, job, declared)
                .await
        })
        .await
    }

    /// The cheapest call that proves endpoint, credentials and permission.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no.
    pub async fn test_connection(&self) -> Answer<ConnectionReport> {
        self.call("test-connection", None, async |guest, store| {
            guest.call_test_connection(store, &self.connection).await
        })
        .await
    }

    /// One page of the platform's jobs; the first without a cursor.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no; the same cursor can be used again.
    pub async fn discover(&self, cursor: Option<&str>) -> Answer<DiscoveryPage> {
        self.call("discover", None, async |guest, store| {
            guest.call_discover(store, &self.connection, cursor).await
        })
        .await
    }

    /// One job, as the platform knows it now.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no.
    pub async fn inspect(&self, external_id: &str) -> Answer<DiscoveredJob> {
        self.call("inspect", None, async |guest, store| {
            guest
                .call_inspect(store, &self.connection, external_id)
                .await
        })
        .await
    }

    /// Starts a run. `guid` is one that the caller keeps before it calls: the same GUID again gives
    /// the same run, never a second.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke, and whether the run started isn't known; call again with the same
    /// GUID. Inside: the platform's no.
    pub async fn start(&self, job: &Job, guid: &str) -> Answer<StartedRun> {
        self.call("start", None, async |guest, store| {
            guest.call_start(store, &self.connection, job, guid).await
        })
        .await
    }

    /// How a run is.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no.
    pub async fn status(&self, run: &Run) -> Answer<RunStatus> {
        self.call("status", Some(run), async |guest, store| {
            guest.call_status(store, &self.connection, run).await
        })
        .await
    }

    /// Asks the platform to stop a run. `guid` as for [`start`](Self::start); the run's own serves.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke, and whether the platform was asked isn't known; call again with
    /// the same GUID. Inside: the platform's no.
    pub async fn cancel(&self, run: &Run, guid: &str) -> Answer<Cancellation> {
        self.call("cancel", Some(run), async |guest, store| {
            guest.call_cancel(store, &self.connection, run, guid).await
        })
        .await
    }

    /// Runs what failed again, under the same run id. `guid` names this retry, `attributes` are the
    /// job's.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke, and whether the platform was asked isn't known; call again with
    /// the same GUID. Inside: the platform's no.
    pub async fn retry(
        &self,
        run: &Run,
        attributes: &[Attribute],
        guid: &str,
    ) -> Answer<StartedRun> {
        self.call("retry", Some(run), async |guest, store| {
            guest
                .call_retry(store, &self.connection, run, attributes, guid)
                .await
        })
        .await
    }

    /// One page of a run's steps; the first without a cursor.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: the platform's no.
    pub async fn steps(&self, run: &Run, cursor: Option<&str>) -> Answer<StepPage> {
        self.call("steps", Some(run), async |guest, store| {
            guest.call_steps(store, &self.connection, run, cursor).await
        })
        .await
    }

    /// Where a person follows the run on the platform's own pages.
    ///
    /// # Errors
    ///
    /// Outside: the plugin broke. Inside: there is no such address.
    pub async fn monitor_url(&self, run: &Run) -> Answer<String> {
        self.call("monitor-url", Some(run), async |guest, store| {
            guest.call_monitor_url(store, &self.connection, run).await
        })
        .await
    }

    /// An instance that stays, for benchmarks.
    ///
    /// # Errors
    ///
    /// The plugin breaks when it is instantiated.
    #[cfg(feature = "measure")]
    pub async fn warm(&self) -> Result<WarmInstance, CallFault> {
        let generation = self.generation();
        let plugin = &generation.plugin.0;
        let call = self.call_of(&generation, "status");
        let mut store = call.store();
        let instance = plugin.component.instantiate_async(&mut store).await;
        let instance = instance.map_err(|error| CallFault::Host(format!("{error:#}")))?;
        Ok(WarmInstance {
            store,
            instance,
            session: Arc::clone(&self.session),
            plugin: Arc::clone(&generation.identity),
            connection: Arc::clone(&self.connection),
        })
    }

    fn call_of<'a>(&'a self, generation: &'a Generation, function: &'static str) -> Call<'a> {
        let plugin = &generation.plugin.0;
        Call {
            host: plugin.host.shared(),
            places: &plugin.host.shared().places,
            component: &plugin.component,
            plugin: &generation.identity,
            session: &self.session,
            function,
        }
    }

    async fn call<T>(
        &self,
        function: &'static str,
        run: Option<&Run>,
        ask: impl AsyncFnOnce(&Guest, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallError> {
        // The only look at who serves: what comes after is of this generation whole.
        let generation = self.generation();
        let _under_way = generation.enter();
        let identity = &generation.identity;
        let call = self.call_of(&generation, function);
        let started = Instant::now();
        let span = debug_span!(
            "call",
            plugin = identity.id,
            version = identity.version,
            generation = identity.generation,
            sha256 = identity.digest.short(),
            function,
            run = run.map(|run| run.run_id.as_str()),
        );
        async {
            let answer = call.run(ask).await;
            let elapsed = started.elapsed();
            match &answer {
                Ok(_) => debug!(?elapsed, "answered"),
                Err(fault) => debug!(?elapsed, %fault, "broke"),
            }
            answer
        }
        .instrument(span)
        .await
        .map_err(|fault| CallError {
            plugin: Arc::clone(identity),
            function,
            fault,
        })
    }
}

impl fmt::Debug for JobType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobType")
            .field("plugin", &self.identity())
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_can_be_spawned_on_any_executor() {
        fn is_send<T: Send>(_: impl FnOnce(&'static JobType, &'static Job) -> T) {}
        is_send(|job_type, job| job_type.start(job, ""));
        is_send(|job_type, job| job_type.validate(job, None));
    }
}
