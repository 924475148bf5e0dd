//! The way of a request to the API: recorded, struck by faults, admitted, performed.

use std::time::SystemTime;

use axum::http::request::Parts;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::arn::pipeline_of_execution;
use crate::errors::ServiceError;
use crate::fault::FaultKind;
use crate::operation::Operation;
use crate::operations::Call;
use crate::record::RecordedRequest;
use crate::reply::{Delivery, Reply};
use crate::shared::{Shared, State};
use crate::sigv4;

const TARGET_PREFIX: &str = "SageMaker.";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// A request, read as far as that needs no credentials.
struct ApiRequest<'a> {
    parts: &'a Parts,
    body: &'a [u8],
    /// `None` where it names none that is emulated.
    operation: Option<Operation>,
    /// Null where it is no JSON.
    json: Value,
}

/// A request that is authenticated, allowed, and fits the API model.
struct Admitted {
    operation: Operation,
    caller_arn: String,
}

/// Answers a request to the API.
pub(crate) fn reply(shared: &Shared, parts: &Parts, body: &[u8]) -> Reply {
    let now = shared.now();
    let request = ApiRequest::read(parts, body);
    let mut state = shared.state();
    let state = &mut *state;
    state.records.add(RecordedRequest::new(
        request.operation,
        &parts.headers,
        request.json.clone(),
        now,
    ));
    let pipeline = pipeline_named(&request.json);
    let struck = state.faults.take(request.operation, pipeline);
    let mut service = Service {
        shared,
        state,
        request: &request,
        now,
    };
    let reply = match struck.fault {
        Some(fault) => service.reply_with(fault),
        None => Reply::of(service.serve()),
    };
    let operation = request.operation.map(Operation::name);
    tracing::info!(operation, status = reply.status, delivery = ?reply.delivery, "answered");
    Reply {
        latency: struck.latency,
        date: Some(now),
        ..reply
    }
}

impl<'a> ApiRequest<'a> {
    fn read(parts: &'a Parts, body: &'a [u8]) -> Self {
        let target = parts.headers.get("x-amz-target");
        Self {
            parts,
            body,
            operation: target
                .and_then(|target| target.to_str().ok())
                .and_then(|target| target.strip_prefix(TARGET_PREFIX))
                .and_then(|name| name.parse().ok()),
            json: serde_json::from_slice(body).unwrap_or_default(),
        }
    }
}

/// One request at the service, at one instant.
struct Service<'a> {
    shared: &'a Shared,
    state: &'a mut State,
    request: &'a ApiRequest<'a>,
    now: SystemTime,
}

impl Service<'_> {
    fn serve(&mut self) -> Result<Value, ServiceError> {
        let admitted = self.admit()?;
        let call = Call {
            store: &mut self.state.store,
            settings: &self.shared.settings,
            operation: admitted.operation,
            body: &self.request.json,
            caller_arn: admitted.caller_arn,
            now: self.now,
        };
        call.perform()
    }

    fn admit(&mut self) -> Result<Admitted, ServiceError> {
        let settings = &self.shared.settings;
        if let Some(most) = settings.requests_per_second
            && !self.state.rate_limit.admits(most, self.now)
        {
            return Err(ServiceError::throttling());
        }
        let ApiRequest {
            parts, body, json, ..
        } = self.request;
        let region = &settings.place.region;
        let caller = sigv4::verify(parts, body, region, &self.state.credentials, self.now)?;
        let operation = self.request.operation.ok_or_else(|| {
            let message = "X-Amz-Target names no operation that is emulated.";
            ServiceError::new(400, "UnknownOperationException", message)
        })?;
        let content_type = parts.headers.get("content-type");
        if content_type.is_none_or(|value| value != CONTENT_TYPE) {
            return Err(ServiceError::serialization(format!(
                "the content type must be {CONTENT_TYPE}"
            )));
        }
        if !json.is_object() {
            return Err(ServiceError::serialization("the body is not a JSON object"));
        }
        let caller_arn = settings.place.user(&caller.user);
        if caller.denied.contains(&operation) {
            return Err(self.access_denied(&caller_arn, operation));
        }
        self.shared.model.check_input(operation, json)?;
        Ok(Admitted {
            operation,
            caller_arn,
        })
    }

    fn reply_with(&mut self, fault: FaultKind) -> Reply {
        let refusal = match fault {
            FaultKind::DropBefore => return Reply::dropped(),
            FaultKind::ServerErrorHtml(status) => return Reply::html(status),
            FaultKind::Garbage => return Reply::garbage(),
            FaultKind::TooManyRequests { retry_after } => {
                return Reply {
                    retry_after,
                    ..Reply::of(Err(ServiceError::too_many_requests()))
                };
            }
            FaultKind::DropAfter => return self.reply_delivered(Delivery::Dropped),
            FaultKind::TruncatedBody => return self.reply_delivered(Delivery::Truncated),
            FaultKind::Latency(_) => return self.reply_delivered(Delivery::Whole),
            FaultKind::EndlessPagesSameToken => return self.empty_page("the-same-page-again"),
            FaultKind::EndlessPagesNewTokens => {
                return self.empty_page(&Uuid::new_v4().to_string());
            }
            FaultKind::NoDefinition => return self.reply_with_definition(None),
            FaultKind::Definition(text) => return self.reply_with_definition(Some(text)),
            FaultKind::Throttling => ServiceError::throttling(),
            FaultKind::ServerErrorJson(status) => ServiceError::internal_failure(status),
            FaultKind::ExpiredToken => ServiceError::expired_token(),
            FaultKind::ClockSkew => ServiceError::invalid_signature(
                "Signature expired: the request's date is too far from the service's clock.",
            ),
            FaultKind::Conflict => {
                ServiceError::conflict("The pipeline execution is being changed. Try again.")
            }
            FaultKind::AccessDenied => match self.request.operation {
                Some(operation) => {
                    let caller = self.shared.settings.place.user("emulator");
                    self.access_denied(&caller, operation)
                }
                None => return Reply::of(self.serve()),
            },
            FaultKind::Error {
                status,
                code,
                message,
            } => ServiceError::new(status, &code, message),
        };
        Reply::of(Err(refusal))
    }

    fn reply_delivered(&mut self, delivery: Delivery) -> Reply {
        Reply {
            delivery,
            ..Reply::of(self.serve())
        }
    }

    /// A page without items, whatever token the request bears.
    fn empty_page(&mut self, next_token: &str) -> Reply {
        Reply::of(self.admit().map(|admitted| {
            let items = match admitted.operation {
                Operation::ListPipelineExecutionSteps => "PipelineExecutionSteps",
                Operation::ListPipelineExecutions => "PipelineExecutionSummaries",
                Operation::ListPipelineParametersForExecution => "PipelineParameters",
                _ => "PipelineSummaries",
            };
            json!({ items: [], "NextToken": next_token })
        }))
    }

    fn reply_with_definition(&mut self, definition: Option<String>) -> Reply {
        Reply::of(self.serve().map(|mut answer| {
            if let Value::Object(members) = &mut answer {
                members.remove("PipelineDefinition");
                members
                    .extend(definition.map(|text| ("PipelineDefinition".to_owned(), json!(text))));
            }
            answer
        }))
    }

    fn access_denied(&self, caller_arn: &str, operation: Operation) -> ServiceError {
        let place = &self.shared.settings.place;
        let execution = self.request.json.get("PipelineExecutionArn");
        let resource = match execution.and_then(Value::as_str) {
            Some(arn) => arn.to_owned(),
            None => place.pipeline(pipeline_named(&self.request.json).unwrap_or("*"), false),
        };
        ServiceError::access_denied(caller_arn, operation, &resource)
    }
}

/// The name of the pipeline that a request is about.
fn pipeline_named(body: &Value) -> Option<&str> {
    let member = |name| body.get(name).and_then(Value::as_str);
    match (member("PipelineName"), member("PipelineExecutionArn")) {
        (Some(name_or_arn), _) => name_or_arn.rsplit('/').next(),
        (None, Some(arn)) => pipeline_of_execution(arn),
        (None, None) => None,
    }
}
