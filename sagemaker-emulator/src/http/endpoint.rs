//! Replies to a request to the API: logs it, and performs it or lets a fault happen.

use axum::http::request::Parts;

use super::injection;
use super::reply::Reply;
use super::request::ApiRequest;
use super::service::Service;
use crate::api::operation::Operation;
use crate::request_log::RecordedRequest;
use crate::state::Shared;

pub(super) fn reply(shared: &Shared, parts: &Parts, body: &[u8]) -> Reply {
    let now = shared.now();
    let request = ApiRequest::parse(parts, body);
    let mut state = shared.state();
    let state = &mut *state;
    state.request_log.add(RecordedRequest::new(
        request.operation,
        &parts.headers,
        request.json.clone(),
        now,
    ));
    let injection = state.faults.take(request.operation, request.pipeline());
    let mut service = Service {
        shared,
        state,
        request: &request,
        now,
    };
    let reply = match injection.fault {
        Some(fault) => injection::reply(&mut service, fault),
        None => Reply::from(service.perform()),
    };
    let operation = request.operation.map(Operation::name);
    tracing::info!(operation, status = reply.status, delivery = ?reply.delivery, "answered");
    Reply {
        latency: injection.latency,
        date: Some(now),
        ..reply
    }
}
