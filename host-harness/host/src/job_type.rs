//! A job type on behalf of one connection: the contract's calls.

mod poll_order;
mod statuses;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use tracing::{Instrument, debug, debug_span};
use wasmtime::Store;

use crate::access::Access;
use crate::contract::component::Instance;
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, DiscoveredJob,
    DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Run, RunStatus, StartedRun, StepPage,
};
use crate::identity::PluginIdentity;
use crate::loading::plugin::Plugin;
use crate::sandbox::call::Call;
use crate::sandbox::fault::CallError;
use crate::sandbox::session::Session;
use crate::sandbox::state::CallState;
use crate::swap::connections::Connected;
use crate::swap::generation::Generation;
use crate::swap::slot::Slot;
use crate::text::answer::{Clean, cleaned};

/// The result of a call. The outer result says whether the plugin worked, the inner one what the
/// platform answered.
pub type Answer<T> = Result<Result<T, Error>, CallError>;

/// A job type on behalf of one connection. Cheap to clone, and many tasks can call it at once.
///
/// Each call runs in an instance of its own, with its own memory and deadline, and leaves nothing
/// behind. The text in an answer is clean: [`text`](crate::text) says what that means, and what a
/// host sends back is checked. Dropping a call's future ends the call, but the platform may still do
/// what the call has asked of it. Every call fails with a [`CallError`] if the plugin breaks or uses up a limit.
#[derive(Clone)]
pub struct JobType {
    target: Target,
    connected: Arc<Connected>,
    session: Arc<Session>,
}

/// Which plugin answers a call.
#[derive(Clone)]
enum Target {
    /// The plugin that serves in the slot when the call begins.
    Slot(Slot),
    /// This generation, whatever is swapped in meanwhile.
    Pinned(Arc<Generation>),
}

impl JobType {
    fn from_slot(slot: Slot, connection: Connection, access: Access) -> Self {
        let plugin = slot.plugin();
        let shared = plugin.host().shared();
        let region = connection.region.clone();
        let connected = slot.connections().add(connection, access.grants.clone());
        let session = Session::new(&shared.limits, &shared.memory, &shared.http, region, access);
        Self {
            target: Target::Slot(slot),
            connected,
            session: Arc::new(session),
        }
    }

    /// The job type, answered by the plugin that serves now, whatever is swapped in later. Use it for
    /// calls that belong together, or to know which plugin answers.
    #[must_use]
    pub fn pin(&self) -> Self {
        Self {
            target: Target::Pinned(self.generation()),
            ..self.clone()
        }
    }

    /// Which plugin would answer a call that begins now.
    #[must_use]
    pub fn identity(&self) -> Arc<PluginIdentity> {
        Arc::clone(&self.generation().identity)
    }

    /// The plugin that would answer a call that begins now.
    #[must_use]
    pub fn plugin(&self) -> Plugin {
        self.generation().plugin.clone()
    }

    pub(crate) fn generation(&self) -> Arc<Generation> {
        match &self.target {
            Target::Slot(slot) => slot.serving(),
            Target::Pinned(generation) => Arc::clone(generation),
        }
    }

    /// The connection that the calls are for.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connected.connection
    }

    /// The AWS account of the connection's credentials, if they say which. Looks the credentials up if
    /// that is due. None where the connection may sign for no service: then nothing uses them.
    pub async fn account_id(&self) -> Option<String> {
        self.session.signing.account_id().await
    }

    /// Checks a job without asking the platform. The parameters are checked against `declared` too,
    /// if it is given as `discover` or `inspect` returned it. No findings: nothing is wrong.
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
                .validate(store, self.connection(), job, declared)
                .await
        })
        .await
    }

    /// Proves endpoint, credentials and permission by the cheapest request of the platform.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: the platform refused or can't be reached.
    pub async fn test_connection(&self) -> Answer<ConnectionReport> {
        self.call("test-connection", None, async |guest, store| {
            guest.test_connection(store, self.connection()).await
        })
        .await
    }

    /// Lists one page of the platform's jobs: the first page without a cursor, else the page that
    /// `cursor`, the `next_cursor` of another page, stands for.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: the platform refused or can't be reached. In both cases the
    /// same cursor can be used again.
    pub async fn discover(&self, cursor: Option<&str>) -> Answer<DiscoveryPage> {
        self.call("discover", None, async |guest, store| {
            guest.discover(store, self.connection(), cursor).await
        })
        .await
    }

    /// Describes one job as it is on the platform now.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: there is no such job, or the platform refused or can't be
    /// reached.
    pub async fn inspect(&self, external_id: &str) -> Answer<DiscoveredJob> {
        self.call("inspect", None, async |guest, store| {
            guest.inspect(store, self.connection(), external_id).await
        })
        .await
    }

    /// Starts a run. The caller persists `guid` before the call: with the feature `idempotent-start`, a
    /// second call with the same GUID returns the same run and never starts another.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke, and the run may have started; with the feature, call again with the same
    /// GUID, and without it, let a person look first. Inner: the platform refused or can't be reached, or,
    /// with the class `uncertain`, the run may have started.
    pub async fn start(&self, job: &Job, guid: &str) -> Answer<StartedRun> {
        self.call("start", None, async |guest, store| {
            guest.start(store, self.connection(), job, guid).await
        })
        .await
    }

    /// Asks the platform for the state of a run.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: there is no such run, or the platform refused or can't be
    /// reached.
    pub async fn status(&self, run: &Run) -> Answer<RunStatus> {
        self.call("status", Some(run), async |guest, store| {
            guest.status(store, self.connection(), run).await
        })
        .await
    }

    /// Asks the platform to stop a run. `guid` names this wish: the same again only where the call is
    /// repeated after a crash or a lost answer, and a new one for each further wish.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke, and the platform may have been asked; call again with the same GUID.
    /// Inner: the platform refused or can't be reached.
    pub async fn cancel(&self, run: &Run, guid: &str) -> Answer<Cancellation> {
        self.call("cancel", Some(run), async |guest, store| {
            guest.cancel(store, self.connection(), run, guid).await
        })
        .await
    }

    /// Runs the failed parts of a run again, under the same run id. `attributes` are the job's, and
    /// `guid` names this wish, as for [`cancel`](Self::cancel).
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke, and the platform may have been asked; call again with the same GUID.
    /// Inner: the platform refused or can't be reached, or, with the class `uncertain`, the retry may
    /// have been made.
    pub async fn retry(
        &self,
        run: &Run,
        attributes: &[Attribute],
        guid: &str,
    ) -> Answer<StartedRun> {
        self.call("retry", Some(run), async |guest, store| {
            guest
                .retry(store, self.connection(), run, attributes, guid)
                .await
        })
        .await
    }

    /// Lists one page of a run's steps: the first page without a cursor, else the page that `cursor`,
    /// the `next_cursor` of another page, stands for.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: there is no such run, or the platform refused or can't be
    /// reached.
    pub async fn steps(&self, run: &Run, cursor: Option<&str>) -> Answer<StepPage> {
        self.call("steps", Some(run), async |guest, store| {
            guest.steps(store, self.connection(), run, cursor).await
        })
        .await
    }

    /// Reads one page of what a step's job wrote; `step` is the step's name.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: the step has no log, or the platform refused or can't be reached.
    pub async fn logs(&self, run: &Run, step: &str, position: &LogPosition) -> Answer<LogPage> {
        self.call("logs", Some(run), async |guest, store| {
            guest
                .logs(store, self.connection(), run, step, position)
                .await
        })
        .await
    }

    /// The URL at which a person follows the run on the platform's own pages.
    ///
    /// # Errors
    ///
    /// Outer: the plugin broke. Inner: the platform has no page for the run.
    pub async fn monitor_url(&self, run: &Run) -> Answer<String> {
        self.call("monitor-url", Some(run), async |guest, store| {
            guest.monitor_url(store, self.connection(), run).await
        })
        .await
    }

    pub(crate) fn new_call<'a>(
        &'a self,
        generation: &'a Generation,
        function: &'static str,
    ) -> Call<'a> {
        let shared = generation.plugin.host().shared();
        Call {
            engine: &shared.engine,
            places: &shared.calls,
            quota: &generation.quota,
            component: generation.plugin.component(),
            plugin: &generation.identity,
            session: &self.session,
            function,
        }
    }

    async fn call<T: Clean>(
        &self,
        function: &'static str,
        run: Option<&Run>,
        ask: impl AsyncFnOnce(&Instance, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallError> {
        // Read once: the whole call belongs to this generation.
        let generation = self.generation();
        let _guard = generation.begin_call();
        let identity = &generation.identity;
        let call = self.new_call(&generation, function);
        let started = Instant::now();
        let span = debug_span!(
            "call",
            plugin = identity.id,
            version = identity.version,
            contract = %identity.contract,
            generation = identity.generation,
            sha256 = identity.digest.short(),
            function,
            run = run.map(|run| run.run_id.as_str()),
        );
        async {
            let answer = call.run(ask).await.and_then(cleaned);
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

impl Slot {
    /// The job type on behalf of a connection: the plugin that serves when a call begins answers it.
    ///
    /// Keep the job type for as long as the connection is in use: it caches the credentials, so that
    /// they aren't looked up in each call.
    #[must_use]
    pub fn for_connection(&self, connection: Connection, access: Access) -> JobType {
        JobType::from_slot(self.clone(), connection, access)
    }
}

impl Plugin {
    /// The plugin on behalf of a connection, for a host that never swaps it. A host that does asks a
    /// [`Slot`].
    ///
    /// Keep the job type for as long as the connection is in use: it caches the credentials, so that
    /// they aren't looked up in each call.
    #[must_use]
    pub fn for_connection(&self, connection: Connection, access: Access) -> JobType {
        JobType::from_slot(Slot::new(self.clone()), connection, access).pin()
    }
}

impl fmt::Debug for JobType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobType")
            .field("plugin", &self.identity())
            .field("connection", self.connection())
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
        is_send(|job_type, _| job_type.statuses(&[]));
    }
}
