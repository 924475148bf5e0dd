//! What the emulator remembers: pipelines, executions, and the tokens that were used.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use crate::arn::Place;
use crate::definition::Definition;
use crate::errors::ServiceError;
use crate::operation::Operation;
use crate::operations::wire::{ExperimentConfig, Parallelism, SelectiveExecution};
use crate::pipeline::Pipeline;
use crate::plan::Plan;
use crate::status::ExecutionStatus;
use crate::timeline::{Attempt, Snapshot, StepFailure, Timeline, Timing};

/// How the service answers when a client token comes again with the same request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenRepeat {
    /// With the answer of the first time.
    #[default]
    SameAnswer,
    /// With a `ConflictException`. Nothing is done twice in either case.
    Conflict,
}

/// A pipeline that exists in the account.
#[derive(Clone, Debug)]
pub(crate) struct StoredPipeline {
    pub(crate) source: Pipeline,
    pub(crate) arn: String,
    pub(crate) role_arn: String,
    pub(crate) created: SystemTime,
    pub(crate) created_by: String,
    pub(crate) parallelism: Option<Parallelism>,
    /// `None` where the definition can't be read.
    pub(crate) definition: Option<Definition>,
}

/// An execution, from its start on for ever.
#[derive(Clone, Debug)]
pub(crate) struct Execution {
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) pipeline_arn: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) role_arn: String,
    pub(crate) created: SystemTime,
    pub(crate) created_by: String,
    pub(crate) last_modified_by: String,
    /// Names and values in the order of their declaration.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) parallelism: Option<Parallelism>,
    pub(crate) selective: Option<SelectiveExecution>,
    pub(crate) experiment: Option<ExperimentConfig>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) attempts: Vec<Attempt>,
    /// The word it is to end with in place of its own.
    pub(crate) ordered_ending: Option<ExecutionStatus>,
    /// The word it was given by order, and when.
    pub(crate) ordered_status: Option<(SystemTime, ExecutionStatus)>,
}

impl Execution {
    pub(crate) fn at(&self, now: SystemTime, timing: Timing) -> Snapshot {
        let timeline = Timeline::of(&self.plan, timing, &self.attempts);
        let mut snapshot = match timeline {
            Some(timeline) => timeline.at(now),
            None => Snapshot {
                status: ExecutionStatus::Executing,
                last_modified: self.created,
                steps: Vec::new(),
            },
        };
        let over = !matches!(
            snapshot.status,
            ExecutionStatus::Executing | ExecutionStatus::Stopping
        );
        if let Some((since, status)) = &self.ordered_status {
            snapshot.status = status.clone();
            snapshot.last_modified = *since;
        } else if over && let Some(status) = &self.ordered_ending {
            snapshot.status = status.clone();
        }
        snapshot
    }
}

/// Why an order about an execution can't be carried out.
#[derive(Debug, thiserror::Error)]
#[error("no execution has the ARN {0}")]
pub struct UnknownExecution(pub(crate) String);

/// A step that is to fail in coming attempts.
#[derive(Clone, Debug)]
pub(crate) struct StepFailureOrder {
    pub(crate) pipeline: String,
    pub(crate) step: String,
    pub(crate) failure: StepFailure,
    pub(crate) times: Option<u32>,
}

/// The state of the account.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// By name.
    pub(crate) pipelines: BTreeMap<String, StoredPipeline>,
    /// In the order of their start.
    pub(crate) executions: Vec<Execution>,
    pub(crate) step_failures: Vec<StepFailureOrder>,
    /// By the pipeline's name: what its coming executions end with.
    pub(crate) ordered_endings: HashMap<String, ExecutionStatus>,
    tokens: HashMap<(Operation, String), UsedToken>,
}

#[derive(Debug)]
struct UsedToken {
    request: Value,
    answer: String,
}

impl Store {
    pub(crate) fn add_pipeline(
        &mut self,
        source: Pipeline,
        place: &Place,
        role_arn: String,
        created_by: String,
        now: SystemTime,
    ) -> &mut StoredPipeline {
        let name = source.name.clone();
        let stored = StoredPipeline {
            arn: place.pipeline(&name, source.meta.managed_by_aws),
            role_arn,
            created: now,
            created_by,
            parallelism: None,
            definition: Definition::parse(&source.definition).ok(),
            source,
        };
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
            .iter()
            .find(|execution| execution.arn.eq_ignore_ascii_case(arn))
            .ok_or_else(|| no_execution(arn))
    }

    pub(crate) fn execution_mut(&mut self, arn: &str) -> Result<&mut Execution, ServiceError> {
        self.executions
            .iter_mut()
            .find(|execution| execution.arn.eq_ignore_ascii_case(arn))
            .ok_or_else(|| no_execution(arn))
    }

    /// The steps that are to fail in an attempt that starts now; uses up orders.
    pub(crate) fn take_step_failures(&mut self, pipeline: &str) -> BTreeMap<String, StepFailure> {
        let meta = self
            .pipelines
            .get(pipeline)
            .map(|stored| &stored.source.meta);
        let mut failures: BTreeMap<String, StepFailure> = meta
            .into_iter()
            .flat_map(|meta| &meta.failing_steps)
            .map(|(step, reason)| (step.clone(), StepFailure::AtEnd(reason.clone())))
            .collect();
        let orders = self.step_failures.iter_mut();
        for order in orders.filter(|order| order.pipeline.eq_ignore_ascii_case(pipeline)) {
            failures.insert(order.step.clone(), order.failure.clone());
            order.times = order.times.map(|times| times.saturating_sub(1));
        }
        self.step_failures.retain(|order| order.times != Some(0));
        failures
    }

    /// The earlier answer if this token was used before.
    pub(crate) fn repeated(
        &self,
        operation: Operation,
        token: &str,
        request: &Value,
        on_repeat: TokenRepeat,
    ) -> Result<Option<String>, ServiceError> {
        match self.tokens.get(&(operation, token.to_owned())) {
            None => Ok(None),
            Some(used) if used.request != *request => Err(ServiceError::conflict(
                "The client request token was used before, with another request.",
            )),
            Some(_) if on_repeat == TokenRepeat::Conflict => Err(ServiceError::conflict(
                "A request with this client request token has been made already.",
            )),
            Some(used) => Ok(Some(used.answer.clone())),
        }
    }

    pub(crate) fn remember_token(
        &mut self,
        operation: Operation,
        token: String,
        request: Value,
        answer: String,
    ) {
        self.tokens
            .insert((operation, token), UsedToken { request, answer });
    }
}

fn no_execution(arn: &str) -> ServiceError {
    ServiceError::not_found(format!("Pipeline execution with ARN {arn} does not exist."))
}
