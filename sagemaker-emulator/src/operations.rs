//! The operations: what each does to the store, and what it answers.

mod executions;
mod listings;
mod parameters;
mod pipelines;
mod start;
pub(crate) mod wire;

use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::errors::ServiceError;
use crate::operation::Operation;
use crate::settings::Settings;
use crate::store::Store;

/// A request that is authenticated and fits the API model.
pub(crate) struct Call<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) settings: &'a Settings,
    pub(crate) operation: Operation,
    pub(crate) body: &'a Value,
    pub(crate) caller_arn: String,
    pub(crate) now: SystemTime,
}

impl Call<'_> {
    /// Carries the operation out.
    pub(crate) fn perform(mut self) -> Result<Value, ServiceError> {
        match self.operation {
            Operation::CreatePipeline => self.answer(pipelines::create),
            Operation::DescribePipeline => self.answer(pipelines::describe),
            Operation::DescribePipelineExecution => self.answer(executions::describe),
            Operation::ListPipelineExecutionSteps => self.answer(listings::steps),
            Operation::ListPipelineExecutions => self.answer(listings::executions),
            Operation::ListPipelineParametersForExecution => self.answer(listings::parameters),
            Operation::ListPipelines => self.answer(listings::pipelines),
            Operation::RetryPipelineExecution => self.answer(executions::retry),
            Operation::StartPipelineExecution => self.answer(start::start),
            Operation::StopPipelineExecution => self.answer(executions::stop),
        }
    }

    fn answer<Request: DeserializeOwned, Response: Serialize>(
        &mut self,
        operation: fn(&mut Call<'_>, Request) -> Result<Response, ServiceError>,
    ) -> Result<Value, ServiceError> {
        let request = Request::deserialize(self.body)
            .map_err(|error| ServiceError::serialization(error.to_string()))?;
        let mut call = Call {
            store: self.store,
            settings: self.settings,
            operation: self.operation,
            body: self.body,
            caller_arn: self.caller_arn.clone(),
            now: self.now,
        };
        let response = operation(&mut call, request)?;
        serde_json::to_value(response)
            .map_err(|error| ServiceError::new(500, "InternalFailure", error.to_string()))
    }

    /// Does `act` once for each client token, and answers repeats as the settings say.
    fn once_per_token(
        &mut self,
        token: String,
        act: impl FnOnce(&mut Self) -> Result<String, ServiceError>,
    ) -> Result<String, ServiceError> {
        let on_repeat = self.settings.token_repeat;
        let earlier = self
            .store
            .repeated(self.operation, &token, self.body, on_repeat)?;
        if let Some(answer) = earlier {
            return Ok(answer);
        }
        let answer = act(self)?;
        let request = self.body.clone();
        self.store
            .remember_token(self.operation, token, request, answer.clone());
        Ok(answer)
    }
}

#[cfg(test)]
#[path = "operations/answers_tests.rs"]
mod answers_tests;
