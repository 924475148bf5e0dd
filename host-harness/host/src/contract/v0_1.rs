//! Version 0.1 of the contract, in the types that embedders see.
//!
//! | what embedders see | what a plugin of this version does |
//! | --- | --- |
//! | the needs of a connection | tells those of all connections, in its description |
//! | the feature `idempotent-start` | promises it, without naming it |
//! | the code of a finding | has none: `Unspecified` |
//! | the notes of a job | are notes of the page |
//! | `statuses` | is asked run by run |
//! | `logs` | answers nothing: the error is of class `unsupported` |
//! | a run without its job's external id | gets an empty one, and isn't asked for the run's page |

pub(crate) mod bindings;
mod capabilities;
mod translate;

use std::sync::Arc;

use async_trait::async_trait;
use wasmtime::Store;
use wasmtime::component::{HasSelf, InstancePre, Linker};

use bindings::types::Error as PluginError;
use translate::Translate;

use crate::contract::component::{Called, Component, Guest, Instance, OtherTypes, StatusCalls};
use crate::contract::served::{Interface, Served};
use crate::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, ContractVersion, DeclaredParameter,
    Description, DiscoveredJob, DiscoveryPage, Error, ErrorClass, Finding, Job, LogPage,
    LogPosition, Need, Run, RunStatus, StartedRun, StepPage,
};
use crate::sandbox::state::CallState;

/// What the version consists of.
pub(crate) static SERVED: Served = Served {
    version: ContractVersion::V0_1_0,
    export: Interface {
        name: "job-type",
        functions: &[
            "describe",
            "validate",
            "test-connection",
            "discover",
            "inspect",
            "start",
            "status",
            "cancel",
            "retry",
            "steps",
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
        StatusCalls::Each
    }

    fn tells_needs_exactly(&self) -> bool {
        false
    }

    async fn instantiate(&self, store: &mut Store<CallState>) -> Called<Instance> {
        let instance = self.component.instantiate_async(&mut *store).await?;
        match self.exports.load(store, &instance) {
            Ok(guest) => Ok(Instance::new(guest)),
            Err(error) => Err(OtherTypes::new(SERVED.version, &error).into()),
        }
    }
}

/// The outcome of a call, as embedders see it.
fn outcome<A: Translate<B>, B>(called: Called<Result<A, PluginError>>) -> Called<Result<B, Error>> {
    called.map(Translate::translate)
}

/// An error of a call that a plugin of this version isn't asked for.
fn not_asked(class: ErrorClass, code: &str, message: &str, hint: &str) -> Error {
    Error {
        class,
        code: code.to_owned(),
        message: message.to_owned(),
        hint: hint.to_owned(),
        retryable: false,
        request_id: None,
        details: Vec::new(),
    }
}

#[async_trait]
impl Guest for bindings::Plugin {
    async fn describe(&self, store: &mut Store<CallState>) -> Called<Description> {
        let described = self.polysync_job_type_job_type().call_describe(store).await;
        described.map(Translate::translate)
    }

    async fn needs(&self, store: &mut Store<CallState>, _: &Connection) -> Called<Vec<Need>> {
        let described = self.polysync_job_type_job_type().call_describe(store).await;
        described.map(|description| description.needs.translate())
    }

    async fn validate(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Called<Vec<Finding>> {
        let connection = connection.clone().translate();
        let job = job.clone().translate();
        let declared: Option<Vec<_>> = declared.map(|declared| declared.to_vec().translate());
        let found = self
            .polysync_job_type_job_type()
            .call_validate(store, &connection, &job, declared.as_deref())
            .await;
        found.map(Translate::translate)
    }

    async fn test_connection(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
    ) -> Called<Result<ConnectionReport, Error>> {
        let connection = connection.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_test_connection(store, &connection).await)
    }

    async fn discover(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        cursor: Option<&str>,
    ) -> Called<Result<DiscoveryPage, Error>> {
        let connection = connection.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_discover(store, &connection, cursor).await)
    }

    async fn inspect(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        external_id: &str,
    ) -> Called<Result<DiscoveredJob, Error>> {
        let connection = connection.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_inspect(store, &connection, external_id).await)
    }

    async fn start(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        job: &Job,
        guid: &str,
    ) -> Called<Result<StartedRun, Error>> {
        let connection = connection.clone().translate();
        let job = job.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_start(store, &connection, &job, guid).await)
    }

    async fn status(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<RunStatus, Error>> {
        let connection = connection.clone().translate();
        let run = run.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_status(store, &connection, &run).await)
    }

    async fn cancel(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        guid: &str,
    ) -> Called<Result<Cancellation, Error>> {
        let connection = connection.clone().translate();
        let run = run.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_cancel(store, &connection, &run, guid).await)
    }

    async fn retry(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        attributes: &[Attribute],
        guid: &str,
    ) -> Called<Result<StartedRun, Error>> {
        let connection = connection.clone().translate();
        let run = run.clone().translate();
        let attributes: Vec<_> = attributes.to_vec().translate();
        let retried = self
            .polysync_job_type_job_type()
            .call_retry(store, &connection, &run, &attributes, guid)
            .await;
        outcome(retried)
    }

    async fn steps(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
        cursor: Option<&str>,
    ) -> Called<Result<StepPage, Error>> {
        let connection = connection.clone().translate();
        let run = run.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_steps(store, &connection, &run, cursor).await)
    }

    async fn logs(
        &self,
        _: &mut Store<CallState>,
        _: &Connection,
        _: &Run,
        _: &str,
        _: &LogPosition,
    ) -> Called<Result<LogPage, Error>> {
        Ok(Err(not_asked(
            ErrorClass::Unsupported,
            "Unsupported",
            "the plugin speaks version 0.1.0 of the contract, which doesn't have `logs`",
            "Swap in a plugin that speaks version 0.2.0 of the contract.",
        )))
    }

    async fn monitor_url(
        &self,
        store: &mut Store<CallState>,
        connection: &Connection,
        run: &Run,
    ) -> Called<Result<String, Error>> {
        if run.external_id.is_none() {
            return Ok(Err(not_asked(
                ErrorClass::Invalid,
                "MissingExternalId",
                "the plugin speaks version 0.1.0 of the contract, and needs the external id of the \
                 run's job to tell the run's page",
                "Give the external id of the run's job.",
            )));
        }
        let connection = connection.clone().translate();
        let run = run.clone().translate();
        let exports = self.polysync_job_type_job_type();
        outcome(exports.call_monitor_url(store, &connection, &run).await)
    }
}
