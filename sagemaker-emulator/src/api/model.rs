//! The API models: check requests against the constraints of their shapes.

use serde_json::Value;

use super::constraints::{self, WrongType};
use super::error::ServiceError;
use super::operation::Operation;
use super::service::AwsService;
use super::shapes::Shapes;
use crate::start_error::StartError;

/// The API models: the inputs and outputs of the operations, with their constraints.
pub struct Model {
    sagemaker: Shapes,
    glue: Shapes,
    logs: Shapes,
}

impl Model {
    /// SageMaker's model as AWS publishes it, without its documentation.
    pub const JSON: &str = include_str!("../../model/service-model.json");

    /// Glue's model as AWS publishes it, for the operations of jobs and runs, without its documentation and
    /// the nodes of visual jobs.
    pub const GLUE_JSON: &str = include_str!("../../model/glue-model.json");

    /// CloudWatch Logs' model as AWS publishes it, without its documentation.
    pub const LOGS_JSON: &str = include_str!("../../model/logs-model.json");

    /// Reads the models that are built in.
    ///
    /// # Errors
    ///
    /// A built-in model is not valid.
    pub fn load() -> Result<Self, StartError> {
        let parse = |json| Shapes::parse(json).map_err(StartError::Model);
        Ok(Self {
            sagemaker: parse(Self::JSON)?,
            glue: parse(Self::GLUE_JSON)?,
            logs: parse(Self::LOGS_JSON)?,
        })
    }

    fn shapes(&self, service: AwsService) -> &Shapes {
        match service {
            AwsService::SageMaker => &self.sagemaker,
            AwsService::Glue => &self.glue,
            AwsService::CloudWatchLogs => &self.logs,
        }
    }

    /// The message with which the service refuses this request body, or `None` if the model allows
    /// it. For tests of clients.
    pub fn refusal(&self, operation: Operation, body: &Value) -> Option<String> {
        let result = self.check_input(operation, body);
        result.err().map(|error| error.message)
    }

    /// Checks a request's body. Members that the model doesn't know are ignored, as AWS does.
    pub(crate) fn check_input(
        &self,
        operation: Operation,
        body: &Value,
    ) -> Result<(), ServiceError> {
        let service = operation.service();
        match self.shapes(service).input(operation) {
            Some(shape) => self.check(service, shape, body),
            None => Ok(()),
        }
    }

    /// Checks a response's body against what the model promises to clients.
    #[cfg(test)]
    pub(crate) fn check_output(
        &self,
        operation: Operation,
        body: &Value,
    ) -> Result<(), ServiceError> {
        let service = operation.service();
        self.check(
            service,
            self.shapes(service).output(operation).unwrap(),
            body,
        )
    }

    /// Whether a text satisfies the constraints of a service's shape with this name.
    pub(crate) fn accepts(&self, service: AwsService, shape: &str, text: &str) -> bool {
        self.check(service, shape, &Value::from(text)).is_ok()
    }

    fn check(&self, service: AwsService, shape: &str, body: &Value) -> Result<(), ServiceError> {
        let violations =
            constraints::violations(self.shapes(service), shape, body).map_err(|WrongType| {
                ServiceError::serialization("a member's value is not of the member's type")
            })?;
        let errors = match violations.len() {
            0 => return Ok(()),
            1 => "1 validation error".to_owned(),
            count => format!("{count} validation errors"),
        };
        let message = format!("{errors} detected: {}", violations.join("; "));
        Err(match service {
            AwsService::SageMaker => ServiceError::validation(message),
            AwsService::Glue => ServiceError::invalid_input(message),
            AwsService::CloudWatchLogs => ServiceError::invalid_parameter(message),
        })
    }
}
