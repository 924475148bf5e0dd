//! The admin paths, for use with curl: what was received, and orders of faults and outcomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::operation::Operation;
use crate::orders;
use crate::shared::Shared;
use crate::status::ExecutionStatus;
use crate::timeline::StepFailure;

#[derive(Serialize)]
struct Stats {
    requests: BTreeMap<Operation, usize>,
    executions: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepFailureOrder {
    pipeline: String,
    step: String,
    failure: StepFailure,
    times: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndingOrder {
    pipeline: String,
    status: ExecutionStatus,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusOrder {
    execution: String,
    status: ExecutionStatus,
}

pub(crate) async fn stats(State(shared): State<Arc<Shared>>) -> Response {
    let requests = shared.state().records.counts().clone();
    json(&Stats {
        requests,
        executions: orders::executions_by_pipeline(&shared),
    })
}

pub(crate) async fn requests(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    json(&state.records.requests().collect::<Vec<_>>())
}

pub(crate) async fn faults(State(shared): State<Arc<Shared>>) -> Response {
    json(&shared.state().faults.ordered())
}

pub(crate) async fn order_fault(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |fault: Fault| {
        shared.state().faults.order(fault);
        Ok(())
    })
}

pub(crate) async fn clear_faults(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.state().faults.clear();
    StatusCode::NO_CONTENT
}

pub(crate) async fn fail_step(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |order: StepFailureOrder| {
        orders::fail_step(
            &shared,
            order.pipeline,
            order.step,
            order.failure,
            order.times,
        );
        Ok(())
    })
}

pub(crate) async fn order_ending(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |order: EndingOrder| {
        orders::order_ending(&shared, order.pipeline, order.status);
        Ok(())
    })
}

pub(crate) async fn set_status(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    accept(&body, |order: StatusOrder| {
        orders::set_status(&shared, &order.execution, order.status)
            .map_err(|error| error.to_string())
    })
}

fn accept<Order: DeserializeOwned>(
    body: &[u8],
    carry_out: impl FnOnce(Order) -> Result<(), String>,
) -> Response {
    let result = serde_json::from_slice(body)
        .map_err(|error| format!("not an order of this kind: {error}"))
        .and_then(carry_out);
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
