//! The routes of the HTTP server.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::{admin, endpoint};
use crate::state::Shared;

/// Bytes. The longest request of the API has a definition of 1,048,576 characters, escaped.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let faults = get(admin::faults)
        .post(admin::inject_fault)
        .delete(admin::clear_faults);
    let requests = get(admin::requests).delete(admin::forget_requests);
    Router::new()
        .route("/_emulator/stats", get(admin::stats))
        .route("/_emulator/requests", requests)
        .route("/_emulator/faults", faults)
        .route("/_emulator/step-failures", post(admin::fail_step))
        .route("/_emulator/endings", post(admin::set_ending))
        .route("/_emulator/statuses", post(admin::set_status))
        .fallback(api)
        .with_state(shared)
}

async fn api(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST || parts.uri.path() != "/" {
        return StatusCode::NOT_FOUND.into_response();
    }
    match to_bytes(body, LONGEST_BODY).await {
        Ok(body) => {
            endpoint::reply(&shared, &parts, &body)
                .into_response()
                .await
        }
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    }
}
