//! The admin paths: inject faults, script outcomes, and read the received requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::operation::Operation;
use crate::api::status::ExecutionStatus;
use crate::execution::attempt::StepFailure;
use crate::fault::Fault;
use crate::state::Shared;
use crate::store::script::ScriptedFailure;

#[derive(Serialize)]
struct Stats {
    requests: BTreeMap<Operation, usize>,
    executions: BTreeMap<String, usize>,
    glue_runs: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFailureRequest {
    pipeline: String,
    step: String,
    failure: StepFailure,
    times: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingRequest {
    pipeline: String,
    status: ExecutionStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusRequest {
    execution: String,
    status: ExecutionStatus,
}

pub(super) async fn stats(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    json(&Stats {
        requests: state.request_log.counts().clone(),
        executions: state.store.executions.counts(),
        glue_runs: state.store.glue.counts(),
    })
}

pub(super) async fn requests(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    json(&state.request_log.requests().collect::<Vec<_>>())
}

pub(super) async fn forget_requests(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.state().request_log.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn faults(State(shared): State<Arc<Shared>>) -> Response {
    json(&shared.state().faults.as_slice())
}

pub(super) async fn inject_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |fault: Fault| {
        shared.state().faults.push(fault);
        Ok(())
    })
}

pub(super) async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.state().faults.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn fail_step(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |request: StepFailureRequest| {
        shared.state().store.script.fail_step(ScriptedFailure {
            pipeline: request.pipeline,
            step: request.step,
            failure: request.failure,
            times: request.times,
        });
        Ok(())
    })
}

pub(super) async fn set_ending(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |request: EndingRequest| {
        let mut state = shared.state();
        let script = &mut state.store.script;
        script.set_ending(request.pipeline, request.status);
        Ok(())
    })
}

pub(super) async fn set_status(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |request: StatusRequest| {
        let now = shared.now();
        let mut state = shared.state();
        let store = &mut state.store;
        store
            .set_status(&request.execution, request.status, now)
            .map_err(|error| error.to_string())
    })
}

fn accept<Body: DeserializeOwned>(
    body: &[u8],
    action: impl FnOnce(Body) -> Result<(), String>,
) -> Response {
    let result = serde_json::from_slice(body)
        .map_err(|error| format!("the body is not valid: {error}"))
        .and_then(action);
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(message) => (StatusCode::BAD_REQUEST, format!("{message}\n")).into_response(),
    }
}

fn json(content: &impl Serialize) -> Response {
    match serde_json::to_string_pretty(content) {
        Ok(text) => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (content_type, format!("{text}\n")).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
