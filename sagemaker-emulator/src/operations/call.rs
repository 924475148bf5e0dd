//! A call of an operation, with all that the operation needs.

use std::time::SystemTime;

use serde_json::Value;

use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::api::options::Parallelism;
use crate::execution::attempt::Attempt;
use crate::logs::{self, LogReader, PageContent};
use crate::settings::Settings;
use crate::store::Store;

/// A request that is authenticated and satisfies the API model.
pub(crate) struct Call<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) settings: &'a Settings,
    pub(crate) operation: Operation,
    pub(crate) body: &'a Value,
    pub(crate) content: PageContent,
    pub(crate) caller_arn: String,
    pub(crate) now: SystemTime,
}

impl Call<'_> {
    /// What the account has logged by now.
    pub(super) fn log_reader(&self) -> LogReader<'_> {
        LogReader {
            executions: &self.store.executions,
            glue: &self.store.glue,
            account: &self.settings.account,
            timing: self.settings.timing,
            now: self.now,
            listing: logs::listing(self.operation, self.body),
            content: self.content,
        }
    }

    /// An attempt of an execution that starts now.
    pub(super) fn new_attempt(
        &mut self,
        pipeline: &str,
        parallelism: Option<&Parallelism>,
    ) -> Attempt {
        Attempt {
            started: self.now,
            max_parallel_steps: parallelism
                .map(|parallelism| parallelism.max_parallel_execution_steps),
            failing_steps: self.store.take_step_failures(pipeline),
            stop_requested: None,
        }
    }

    /// Runs `action` once for each client token, and answers repeats as the settings say.
    pub(super) fn once_per_token(
        &mut self,
        token: String,
        action: impl FnOnce(&mut Self) -> Result<String, ServiceError>,
    ) -> Result<String, ServiceError> {
        let on_repeat = self.settings.token_repeat;
        let earlier =
            self.store
                .tokens
                .earlier_answer(self.operation, &token, self.body, on_repeat)?;
        if let Some(answer) = earlier {
            return Ok(answer);
        }
        let answer = action(self)?;
        let request = self.body.clone();
        self.store
            .tokens
            .insert(self.operation, token, request, answer.clone());
        Ok(answer)
    }
}
