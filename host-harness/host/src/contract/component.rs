//! A component as the host calls it, whichever version of the contract it speaks.
//!
//! Each version has one file that implements these traits, and translates between that version's types
//! and the ones that embedders see. Which of them serves a plugin is decided once, when it is loaded.

use std::ops::Deref;

use async_trait::async_trait;
use wasmtime::Store;

use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, ContractVersion, DeclaredParameter,
    Description, DiscoveredJob, DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need,
    Run, RunStatus, StartedRun, StepPage,
};
use crate::sandbox::state::CallState;
use crate::text;

/// What a call of the plugin ends in: an answer, or an error of the engine.
pub(crate) type Called<T> = wasmtime::Result<T>;

/// The types of a component's exports aren't those of the contract. The engine finds that when it makes an
/// instance.
#[derive(Debug, thiserror::Error)]
#[error("its types aren't those of version {contract} of the contract: {difference}")]
pub(crate) struct OtherTypes {
    pub(crate) contract: ContractVersion,
    /// The engine's message.
    pub(crate) difference: String,
}

impl OtherTypes {
    pub(crate) fn new(contract: ContractVersion, error: &wasmtime::Error) -> Self {
        let difference = text::line(&format!("{error:#}"), text::LINE_BYTES).into_owned();
        Self {
            contract,
            difference,
        }
    }
}

/// How a component answers for many runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusCalls {
    /// One call of `statuses` is for many runs.
    Together,
    /// Each run has a call of `status`.
    Each,
}

/// A component that is checked and compiled.
#[async_trait]
pub(crate) trait Component: Send + Sync {
    /// The version of the contract by which the host calls it.
    fn contract(&self) -> ContractVersion;

    /// How it answers for many runs.
    fn status_calls(&self) -> StatusCalls;

    /// Whether the needs that it tells are those of the connection, and not those of all connections
    /// that there may be.
    fn tells_needs_exactly(&self) -> bool;

    /// A fresh instance in this store.
    async fn instantiate(&self, store: &mut Store<CallState>) -> Called<Instance>;
}

/// A component's instance. Not `dyn Guest` itself, because the compiler can't prove that the future of an
/// asynchronous closure over that type is `Send`.
pub(crate) struct Instance(Box<dyn Guest>);

impl Instance {
    pub(crate) fn new(guest: impl Guest + 'static) -> Self {
        Self(Box::new(guest))
    }
}

impl Deref for Instance {
    type Target = dyn Guest;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// The calls of one instance.
#[async_trait]
pub(crate) trait Guest: Send + Sync {
    async fn describe(&self, store: &mut Store<CallState>) -> Called<Description>;

    async fn needs(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
    ) -> Called<Vec<Need>>;

    async fn validate(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Called<Vec<Finding>>;

    async fn test_connection(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
    ) -> Called<Result<ConnectionReport, Error>>;

    async fn discover(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        cursor: Option<&str>,
    ) -> Called<Result<DiscoveryPage, Error>>;

    async fn inspect(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        external_id: &str,
    ) -> Called<Result<DiscoveredJob, Error>>;

    async fn start(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        guid: &str,
    ) -> Called<Result<StartedRun, Error>>;

    async fn status(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<RunStatus, Error>>;

    /// How many runs are, in their order. A component that [polls each](StatusCalls::Each) isn't asked.
    async fn statuses(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        runs: &[Run],
    ) -> Called<Vec<Result<RunStatus, Error>>> {
        let mut statuses = Vec::with_capacity(runs.len());
        for run in runs {
            statuses.push(self.status(store, connection, run).await?);
        }
        Ok(statuses)
    }

    async fn cancel(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        guid: &str,
    ) -> Called<Result<Cancellation, Error>>;

    async fn retry(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        attributes: &[Attribute],
        guid: &str,
    ) -> Called<Result<StartedRun, Error>>;

    async fn steps(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        cursor: Option<&str>,
    ) -> Called<Result<StepPage, Error>>;

    async fn logs(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        step: &str,
        position: &LogPosition,
    ) -> Called<Result<LogPage, Error>>;

    async fn monitor_url(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<String, Error>>;
}
