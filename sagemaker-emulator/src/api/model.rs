//! The API model of SageMaker: checks requests against the constraints of their shapes.

use serde_json::Value;

use super::constraints::{self, WrongType};
use super::error::ServiceError;
use super::operation::Operation;
use super::shapes::Shapes;
use crate::start_error::StartError;

/// The API model: the inputs and outputs of the operations, with their constraints.
pub struct Model {
    shapes: Shapes,
}

impl Model {
    /// The model as AWS publishes it, without its documentation.
    pub const JSON: &str = include_str!("../../model/service-model.json");

    /// Reads the model that is built in.
    ///
    /// # Errors
    ///
    /// The built-in model is not valid.
    pub fn load() -> Result<Self, StartError> {
        let shapes = Shapes::parse(Self::JSON).map_err(StartError::Model)?;
        Ok(Self { shapes })
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
        match self.shapes.input(operation) {
            Some(shape) => self.check(shape, body),
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
        self.check(self.shapes.output(operation).unwrap(), body)
    }

    /// Whether a text satisfies the constraints of the shape with this name.
    pub(crate) fn accepts(&self, shape: &str, text: &str) -> bool {
        self.check(shape, &Value::from(text)).is_ok()
    }

    fn check(&self, shape: &str, body: &Value) -> Result<(), ServiceError> {
        let violations =
            constraints::violations(&self.shapes, shape, body).map_err(|WrongType| {
                ServiceError::serialization("a member's value is not of the member's type")
            })?;
        let errors = match violations.len() {
            0 => return Ok(()),
            1 => "1 validation error".to_owned(),
            count => format!("{count} validation errors"),
        };
        Err(ServiceError::validation(format!(
            "{errors} detected: {}",
            violations.join("; ")
        )))
    }
}
