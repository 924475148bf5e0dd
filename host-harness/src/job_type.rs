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
use crate::plugin::Plugin;
use crate::signing::Signer;

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
    plugin: Plugin,
    connection: Arc<Connection>,
    session: Arc<Session>,
}

impl JobType {
    pub(crate) fn new(plugin: Plugin, connection: Connection, access: Access) -> Self {
        let shared = &plugin.0.host;
        let signer = Signer::new(
            access.credentials,
            connection.region.clone(),
            Arc::clone(&access.clock),
            shared.limits.credentials_timeout,
        );
        let session = Session {
            limits: Arc::clone(&shared.limits),
            grants: access.grants,
            http: access.http.unwrap_or_else(|| Arc::clone(&shared.http)),
            signer,
            clock: access.clock,
        };
        Self {
            plugin,
            connection: Arc::new(connection),
            session: Arc::new(session),
        }
    }

    /// The plugin that answers.
    #[must_use]
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
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

    async fn call<T>(
        &self,
        function: &'static str,
        run: Option<&Run>,
        ask: impl AsyncFnOnce(&Guest, &mut Store<CallState>) -> wasmtime::Result<T>,
    ) -> Result<T, CallError> {
        let plugin = &self.plugin.0;
        let call = Call {
            host: &plugin.host,
            component: &plugin.component,
            plugin: &plugin.identity,
            session: &self.session,
            function,
        };
        let started = Instant::now();
        let span = debug_span!(
            "call",
            plugin = plugin.identity.id,
            version = plugin.identity.version,
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
            plugin: plugin.identity.id.clone(),
            version: plugin.identity.version.clone(),
            function,
            fault,
        })
    }
}

impl fmt::Debug for JobType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobType")
            .field("plugin", &self.plugin)
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
