//! Version 0.2 of the contract, whose types are the ones that embedders see.

pub(crate) mod bindings;

use std::sync::Arc;

use async_trait::async_trait;
use wasmtime::Store;
use wasmtime::component::{HasSelf, InstancePre, Linker};

use crate::contract::component::{Called, Component, Guest, Instance, OtherTypes, StatusCalls};
use crate::contract::served::{Interface, Served};
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, ContractVersion, DeclaredParameter,
    Description, DiscoveredJob, DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need,
    Run, RunStatus, StartedRun, StepPage,
};
use crate::sandbox::state::CallState;

/// What the version consists of.
pub(crate) static SERVED: Served = Served {
    version: ContractVersion::V0_2_0,
    export: Interface {
        name: "job-type",
        functions: &[
            "describe",
            "needs",
            "validate",
            "test-connection",
            "discover",
            "inspect",
            "start",
            "status",
            "statuses",
            "cancel",
            "retry",
            "steps",
            "logs",
            "monitor-url",
        ],
    },
    imports: &[
        Interface {
            name: "aws-signing",
            functions: &["get", "refresh"],
        },
        Interface {
            name: "clock",
            functions: &["now", "deadline", "jitter", "sleep"],
        },
        Interface {
            name: "http",
            functions: &["send", "send-all"],
        },
        Interface {
            name: "log",
            functions: &["write"],
        },
        Interface {
            name: "types",
            functions: &[],
        },
    ],
    add_to_linker,
    component,
};

/// Offers the four capabilities to components of this version.
fn add_to_linker(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    use bindings::capabilities::{aws_signing, clock, http, log};
    aws_signing::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| {
        &mut state.signing
    })?;
    clock::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.clock)?;
    http::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.http)?;
    log::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut CallState| &mut state.log)
}

/// A component that speaks this version, if it has its exports.
fn component(component: InstancePre<CallState>) -> wasmtime::Result<Arc<dyn Component>> {
    let exports = bindings::PluginIndices::new(&component)?;
    Ok(Arc::new(Checked { component, exports }))
}

/// A component that has the imports and exports of this version.
struct Checked {
    component: InstancePre<CallState>,
    exports: bindings::PluginIndices,
}

#[async_trait]
impl Component for Checked {
    fn contract(&self) -> ContractVersion {
        SERVED.version
    }

    fn status_calls(&self) -> StatusCalls {
        StatusCalls::Together
    }

    fn tells_needs_exactly(&self) -> bool {
        true
    }

    async fn instantiate(&self, store: &mut Store<CallState>) -> Called<Instance> {
        let instance = self.component.instantiate_async(&mut *store).await?;
        match self.exports.load(store, &instance) {
            Ok(guest) => Ok(Instance::new(guest)),
            Err(error) => Err(OtherTypes::new(SERVED.version, &error).into()),
        }
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
