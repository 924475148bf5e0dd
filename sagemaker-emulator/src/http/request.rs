//! A request to the API, parsed as far as that needs no credentials.

use axum::http::request::Parts;
use serde_json::Value;

use crate::api::operation::Operation;
use crate::api::service::AwsService;
use crate::arn::pipeline_of_execution;

/// A request to the API that isn't authenticated yet.
pub(super) struct ApiRequest<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    /// SageMaker if the target names no service.
    pub(super) service: AwsService,
    /// `None` if the target isn't an operation that the emulator supports.
    pub(super) operation: Option<Operation>,
    /// The parsed body; null if it is not JSON.
    pub(super) json: Value,
}

impl<'a> ApiRequest<'a> {
    pub(super) fn parse(parts: &'a Parts, body: &'a [u8]) -> Self {
        let target = parts.headers.get("x-amz-target");
        let (service, name) = target
            .and_then(|target| target.to_str().ok())
            .and_then(AwsService::of_target)
            .unwrap_or((AwsService::SageMaker, ""));
        let operation: Option<Operation> = name.parse().ok();
        Self {
            parts,
            body,
            service,
            operation: operation.filter(|operation| operation.service() == service),
            json: serde_json::from_slice(body).unwrap_or_default(),
        }
    }

    /// The name of the pipeline that the request is about.
    pub(super) fn pipeline(&self) -> Option<&str> {
        match (self.member("PipelineName"), self.execution_arn()) {
            (Some(name_or_arn), _) => name_or_arn.rsplit('/').next(),
            (None, Some(arn)) => pipeline_of_execution(arn),
            (None, None) => None,
        }
    }

    pub(super) fn execution_arn(&self) -> Option<&str> {
        self.member("PipelineExecutionArn")
    }

    pub(super) fn member(&self, name: &str) -> Option<&str> {
        self.json.get(name).and_then(Value::as_str)
    }
}
