//! Reads what a step's job wrote: its log in CloudWatch Logs.

use aws_kit::client::{Client, Operation};
use aws_kit::logs::{self, Log};
use job_type_kit::contract::{Error, ErrorClass, LogPage, LogPosition, Run, RunState};
use job_type_kit::{Context, Cursor};

use crate::api::{ListPipelineExecutionSteps, PipelineExecutionStep};
use crate::connection;
use crate::execution_status;
use crate::run_id::RunId;
use crate::step;
use crate::step_log;
use crate::steps;

/// How far the clocks of SageMaker, of a job's machines and of CloudWatch Logs may be apart, in
/// milliseconds.
const CLOCKS_APART: u64 = 60 * 1000;

/// The same for what others write to as well: less, because all that is in this time is shown.
const SHARED_CLOCKS_APART: u64 = 2 * 1000;

/// How long after a step's end its job may still write, in milliseconds.
const WRITES_AFTER_END: u64 = 60 * 60 * 1000;

/// How many pages of steps are searched for one. A host allows a call 2,000 requests in the recommended
/// limits, and a request may be sent three times.
const MOST_PAGES: usize = 500;

/// One page of what a step's job wrote.
///
/// # Errors
/// `InvalidRunId`, `InvalidCursor` or `InvalidConnection` before any request; `StepNotFound`,
/// `TooManySteps`, `NoLog` or `LogNotFound`; or the error of a request.
pub fn logs(
    context: Context<'_>,
    run: &Run,
    step: &str,
    position: &LogPosition,
) -> Result<LogPage, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let (sagemaker, logs) = connection::clients(context)?;
    logs::page(&logs, position, step_log::is_of_step, || {
        log(&sagemaker, &run_id, step)
    })
}

/// Where the step with this name writes.
fn log(client: &Client<'_>, run_id: &RunId, name: &str) -> Result<Log, Error> {
    match find(client, run_id, name)? {
        Some(step) => log_of(&step),
        None => Err(no_step(client, run_id, name)),
    }
}

fn find(
    client: &Client<'_>,
    run_id: &RunId,
    name: &str,
) -> Result<Option<PipelineExecutionStep>, Error> {
    let mut cursor = Cursor::FIRST;
    for _ in 0..MOST_PAGES {
        let page = steps::list(client, run_id, &cursor)
            .map_err(|error| client.contract_error::<ListPipelineExecutionSteps>(error))?;
        let mut steps = page.pipeline_execution_steps.into_iter();
        if let Some(step) = steps.find(|step| step.step_name.as_deref() == Some(name)) {
            return Ok(Some(step));
        }
        match cursor.next(page.next_token, ListPipelineExecutionSteps::NAME)? {
            Some(next) => cursor = next,
            None => return Ok(None),
        }
    }
    Err(Error::new(
        ErrorClass::Other,
        "TooManySteps",
        format!("the first {MOST_PAGES} pages of the run's steps have no step {name:?}"),
        "Check the name against the run's steps. If the step is there, read its log by the link that it has.",
    ))
}

fn log_of(step: &PipelineExecutionStep) -> Result<Log, Error> {
    let state = step::state_of(step);
    let is_over = step.end_time.is_some()
        || matches!(
            state,
            RunState::Success | RunState::Failed | RunState::Cancelled
        );
    let is_reused = step::is_reused(step);
    let Some(log) = step_log::of_step(&step.metadata, is_reused) else {
        return Err(no_log(step, is_over, is_reused));
    };
    let (before, after) = if log.is_shared {
        (SHARED_CLOCKS_APART, SHARED_CLOCKS_APART)
    } else {
        (CLOCKS_APART, WRITES_AFTER_END)
    };
    // What an earlier run did is of another time.
    let time = |time: Option<u64>| time.filter(|_| !is_reused);
    Ok(Log {
        groups: vec![log.group],
        from: time(step.start_time).map(|start| start.saturating_sub(before)),
        until: time(step.end_time).map(|end| end.saturating_add(after)),
        is_over,
    })
}

fn no_log(step: &PipelineExecutionStep, is_over: bool, is_reused: bool) -> Error {
    let kind = step.metadata.kind.as_str();
    if kind.is_empty() || (step_log::kind_writes_log(kind) && !is_reused) {
        let error = Error::new(
            ErrorClass::NotFound,
            "LogNotFound",
            "the step ran nothing that writes a log",
            if is_over {
                "It ended before it began what it runs; the step's reason may say why."
            } else {
                "It has not begun what it runs. Try again in a moment."
            },
        );
        return if is_over { error } else { error.retryable() };
    }
    let hint = match kind {
        "EMR" | "EMRServerless" => {
            "The cluster or application keeps the log; the step's detail log-file-path says where."
        }
        "Callback" => "Look into the log of whatever reads the step's queue.",
        "Lambda" | "Endpoint" => {
            "Its result is that of an earlier run. Look into the log of the step in that run."
        }
        _ => "The step's reason and details say what is known.",
    };
    Error::new(
        ErrorClass::Unsupported,
        "NoLog",
        format!("a step of the kind {kind} writes no log to CloudWatch Logs"),
        hint,
    )
}

/// The error for a name that the execution's steps do not have, by now or at all.
fn no_step(client: &Client<'_>, run_id: &RunId, name: &str) -> Error {
    let error = Error::new(
        ErrorClass::NotFound,
        "StepNotFound",
        format!("the run has no step {name:?}"),
        "Check the name against the run's steps. A step is there once it has begun.",
    );
    match execution_status::describe(client, run_id) {
        Ok(execution) if execution.status().is_finished() => error,
        _ => error.retryable(),
    }
}

#[cfg(test)]
mod tests;
