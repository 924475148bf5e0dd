//! A request to the API, parsed as far as that needs no credentials.

use axum::http::request::Parts;
use serde_json::Value;

use crate::api::operation::Operation;
use crate::arn::pipeline_of_execution;

const TARGET_PREFIX: &str = "SageMaker.";

/// A request to the API that isn't authenticated yet.
pub(super) struct ApiRequest<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    /// `None` if the target isn't an operation that the emulator supports.
    pub(super) operation: Option<Operation>,
    /// The parsed body; null if it is not JSON.
    pub(super) json: Value,
}

impl<'a> ApiRequest<'a> {
    pub(super) fn parse(parts: &'a Parts, body: &'a [u8]) -> Self {
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

    fn member(&self, name: &str) -> Option<&str> {
        self.json.get(name).and_then(Value::as_str)
    }
}
