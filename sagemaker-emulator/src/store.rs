//! The state of the emulated account: pipelines, executions, used client tokens, and Glue jobs with their runs.

use std::collections::BTreeMap;
use std::time::SystemTime;

use self::execution::Execution;
use self::executions::Executions;
use self::script::Script;
use self::tokens::Tokens;
use crate::api::error::ServiceError;
use crate::api::options::Parallelism;
use crate::api::status::ExecutionStatus;
use crate::arn::Account;
use crate::definition::Definition;
use crate::execution::attempt::StepFailure;
use crate::glue::store::GlueStore;
use crate::pipeline::Pipeline;

pub(crate) mod course;
pub(crate) mod execution;
pub(crate) mod executions;
pub(crate) mod script;
pub(crate) mod tokens;

/// A pipeline that exists in the account.
#[derive(Clone, Debug)]
pub(crate) struct StoredPipeline {
    pub(crate) source: Pipeline,
    pub(crate) arn: String,
    pub(crate) role_arn: String,
    pub(crate) created: SystemTime,
    /// How many pipelines were created before. It orders pipelines by their creation even where the
    /// machine's clock was set back in between.
    pub(crate) number: usize,
    pub(crate) created_by: String,
    pub(crate) parallelism: Option<Parallelism>,
    /// `None` if the definition can't be parsed.
    pub(crate) definition: Option<Definition>,
}

/// No execution has the given ARN.
#[derive(Debug, thiserror::Error)]
#[error("no execution has the ARN {0}")]
pub struct UnknownExecution(String);

/// The state of the account.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// By name.
    pub(crate) pipelines: BTreeMap<String, StoredPipeline>,
    pipelines_created: usize,
    pub(crate) executions: Executions,
    pub(crate) script: Script,
    pub(crate) tokens: Tokens,
    pub(crate) glue: GlueStore,
}

impl Store {
    pub(crate) fn add_pipeline(
        &mut self,
        source: Pipeline,
        account: &Account,
        role_arn: String,
        created_by: String,
        now: SystemTime,
    ) -> &mut StoredPipeline {
        let name = source.name.clone();
        let stored = StoredPipeline {
            arn: account.pipeline_arn(&name, source.meta.managed_by_aws),
            role_arn,
            created: now,
            number: self.pipelines_created,
            created_by,
            parallelism: None,
            definition: Definition::parse(&source.definition).ok(),
            source,
        };
        self.pipelines_created += 1;
        self.pipelines.entry(name).insert_entry(stored).into_mut()
    }

    /// Finds a pipeline by name, or by ARN in any case.
    pub(crate) fn pipeline(&self, name_or_arn: &str) -> Result<&StoredPipeline, ServiceError> {
        let found = match name_or_arn.starts_with("arn:") {
            false => self.pipelines.get(name_or_arn),
            true => self
                .pipelines
                .values()
                .find(|pipeline| pipeline.arn.eq_ignore_ascii_case(name_or_arn)),
        };
        found.ok_or_else(|| {
            ServiceError::not_found(format!("Pipeline '{name_or_arn}' does not exist."))
        })
    }

    /// Finds an execution by its ARN in any case.
    pub(crate) fn execution(&self, arn: &str) -> Result<&Execution, ServiceError> {
        self.executions
            .with_arn(arn)
            .ok_or_else(|| execution_not_found(arn))
    }

    pub(crate) fn execution_mut(&mut self, arn: &str) -> Result<&mut Execution, ServiceError> {
        self.executions
            .with_arn_mut(arn)
            .ok_or_else(|| execution_not_found(arn))
    }

    /// Gives an execution a status at once, until it is stopped or retried.
    pub(crate) fn set_status(
        &mut self,
        execution_arn: &str,
        status: ExecutionStatus,
        now: SystemTime,
    ) -> Result<(), UnknownExecution> {
        let execution = self
            .execution_mut(execution_arn)
            .map_err(|_| UnknownExecution(execution_arn.to_owned()))?;
        execution.scripted_status = Some((now, status));
        Ok(())
    }

    /// The steps that fail in an attempt that starts now, by name. Counts the attempt.
    pub(crate) fn take_step_failures(&mut self, pipeline: &str) -> BTreeMap<String, StepFailure> {
        let stored = self.pipelines.get(pipeline);
        let mut failures: BTreeMap<_, _> = stored
            .into_iter()
            .flat_map(|stored| &stored.source.meta.failing_steps)
            .map(|(step, reason)| (step.clone(), StepFailure::AtEnd(reason.clone())))
            .collect();
        failures.extend(self.script.take_failures(pipeline));
        failures
    }
}

fn execution_not_found(arn: &str) -> ServiceError {
    ServiceError::not_found(format!("Pipeline execution with ARN {arn} does not exist."))
}
