//! Version 0.2 of the contract, generated from `wit/0.2.0/`. Its types are the ones that embedders see.

use async_trait::async_trait;
use wasmtime::Store;
use wasmtime::component::{HasSelf, InstancePre, Linker};

use crate::contract::component::{Called, Component, Guest, Instance};
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, Description,
    DiscoveredJob, DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need, Run, RunStatus,
    StartedRun, StepPage,
};
use crate::sandbox::state::CallState;

/// The interface `types`, for the generated code: it has no functions, so that nothing is linked.
#[allow(unreachable_pub)]
#[expect(
    dead_code,
    reason = "only the generated function that links all interfaces at once names them"
)]
pub mod types {
    use wasmtime::component::{HasData, Linker};

    pub use crate::contract::types::*;

    pub trait Host {}

    pub trait HostWithStore<T>: HasData {}

    pub fn add_to_linker<T, D: HasData>(
        _: &mut Linker<T>,
        _: fn(&mut T) -> D::Data<'_>,
    ) -> wasmtime::Result<()> {
        Ok(())
    }
}

#[allow(missing_docs, unreachable_pub)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit/0.2.0",
        world: "plugin",
        imports: {
            "polysync:job-type/http.send": async | trappable,
            "polysync:job-type/http.send-all": async | trappable,
            "polysync:job-type/aws-signing.get": async,
            "polysync:job-type/aws-signing.refresh": async,
            "polysync:job-type/clock.sleep": async,
        },
        exports: { default: async },
        additional_derives: [PartialEq],
        with: { "polysync:job-type/types": super::types },
    });
}

pub(crate) use bindings::polysync::job_type as capabilities;

/// Offers the four capabilities to components of this version.
pub(crate) fn add_to_linker(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    use capabilities::{aws_signing, clock, http, log};
    aws_signing::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| {
        &mut state.signing
    })?;
    clock::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.clock)?;
    http::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.http)?;
    log::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.log)
}

/// A component that speaks this version, if the types of its exports are those of the contract.
pub(crate) fn component(component: InstancePre<CallState>) -> wasmtime::Result<impl Component> {
    bindings::PluginPre::new(component)
}

#[async_trait]
impl Component for bindings::PluginPre<CallState> {
    async fn instantiate(&self, store: &mut Store<CallState>) -> Called<Instance> {
        self.instantiate_async(store).await.map(Instance::new)
    }
}

#[async_trait]
impl Guest for bindings::Plugin {
    async fn describe(&self, store: &mut Store<CallState>) -> Called<Description> {
        self.polysync_job_type_job_type().call_describe(store).await
    }

    async fn needs(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
    ) -> Called<Vec<Need>> {
        self.polysync_job_type_job_type()
            .call_needs(store, connection)
            .await
    }

    async fn validate(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Called<Vec<Finding>> {
        self.polysync_job_type_job_type()
            .call_validate(store, connection, job, declared)
            .await
    }

    async fn test_connection(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
    ) -> Called<Result<ConnectionReport, Error>> {
        self.polysync_job_type_job_type()
            .call_test_connection(store, connection)
            .await
    }

    async fn discover(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        cursor: Option<&str>,
    ) -> Called<Result<DiscoveryPage, Error>> {
        self.polysync_job_type_job_type()
            .call_discover(store, connection, cursor)
            .await
    }

    async fn inspect(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        external_id: &str,
    ) -> Called<Result<DiscoveredJob, Error>> {
        self.polysync_job_type_job_type()
            .call_inspect(store, connection, external_id)
            .await
    }

    async fn start(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        guid: &str,
    ) -> Called<Result<StartedRun, Error>> {
        self.polysync_job_type_job_type()
            .call_start(store, connection, job, guid)
            .await
    }

    async fn status(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<RunStatus, Error>> {
        self.polysync_job_type_job_type()
            .call_status(store, connection, run)
            .await
    }

    async fn statuses(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        runs: &[Run],
    ) -> Called<Vec<Result<RunStatus, Error>>> {
        self.polysync_job_type_job_type()
            .call_statuses(store, connection, runs)
            .await
    }

    async fn cancel(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        guid: &str,
    ) -> Called<Result<Cancellation, Error>> {
        self.polysync_job_type_job_type()
            .call_cancel(store, connection, run, guid)
            .await
    }

    async fn retry(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        attributes: &[Attribute],
        guid: &str,
    ) -> Called<Result<StartedRun, Error>> {
        self.polysync_job_type_job_type()
            .call_retry(store, connection, run, attributes, guid)
            .await
    }

    async fn steps(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        cursor: Option<&str>,
    ) -> Called<Result<StepPage, Error>> {
        self.polysync_job_type_job_type()
            .call_steps(store, connection, run, cursor)
            .await
    }

    async fn logs(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        step: &str,
        position: &LogPosition,
    ) -> Called<Result<LogPage, Error>> {
        self.polysync_job_type_job_type()
            .call_logs(store, connection, run, step, position)
            .await
    }

    async fn monitor_url(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<String, Error>> {
        self.polysync_job_type_job_type()
            .call_monitor_url(store, connection, run)
            .await
    }
}
