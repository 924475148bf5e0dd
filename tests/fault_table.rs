//! Every fault of the emulator, at every operation, at the first, second and last attempt: the
//! outcome of the call, the number of its requests, and the number of executions.

use crate::support::{GUID, STEP, SharedClock, Stage, answer, credentials, job, unknown_run};
use polysync_host::JobType;
use polysync_host::contract::{Error, ErrorClass, Run, RunState};
use sagemaker_emulator::{
    Clock, ExecutionStatus, Fault, FaultKind, ManualClock, Operation, StepFailure,
};
use std::sync::Arc;
use std::time::Duration;

/// One call for each operation that the job type uses.
const OPERATIONS: [Operation; 7] = [
    Operation::ListPipelines,
    Operation::DescribePipeline,
    Operation::StartPipelineExecution,
    Operation::DescribePipelineExecution,
    Operation::ListPipelineExecutionSteps,
    Operation::StopPipelineExecution,
    Operation::RetryPipelineExecution,
];

/// The number of attempts in the standard mode of the AWS SDKs.
const ATTEMPTS: usize = 3;

/// The outcome of a call with a fault.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// The call succeeds at once.
    Answered,
    /// The call is retried while attempts are left. The class is that of the last error.
    Retried(ErrorClass),
    /// The call is retried even without attempts left, after the job type has removed the cause.
    Cured,
    /// The call isn't retried, because the same request gets the same error.
    Refused(ErrorClass),
}

fn faults() -> Vec<FaultKind> {
    let error = |status, code: &str| FaultKind::Error {
        status,
        code: code.to_owned(),
        message: "no".to_owned(),
    };
    vec![
        FaultKind::Latency(1),
        FaultKind::Throttling,
        FaultKind::TooManyRequests { retry_after: None },
        FaultKind::TooManyRequests {
            retry_after: Some(2_500),
        },
        FaultKind::ServerErrorJson(500),
        FaultKind::ServerErrorJson(501),
        FaultKind::ServerErrorHtml(502),
        FaultKind::ServerErrorHtml(503),
        FaultKind::ServerErrorHtml(504),
        FaultKind::Garbage,
        FaultKind::TruncatedBody,
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::AccessDenied,
        FaultKind::ExpiredToken,
        FaultKind::ClockSkew,
        FaultKind::Conflict,
        error(400, "ValidationException"),
        error(400, "ResourceLimitExceeded"),
        error(400, "ResourceNotFound"),
        error(400, "UnknownToday"),
        FaultKind::EndlessPagesSameToken,
        FaultKind::EndlessPagesNewTokens,
        FaultKind::EmptyPage,
        FaultKind::NoDefinition,
        FaultKind::Definition("not JSON".to_owned()),
    ]
}

/// The match has no wildcard: a new kind of fault has to be added here, and to the list above.
fn expected(fault: &FaultKind, operation: Operation) -> Expected {
    use ErrorClass::{Conflict, Denied, Invalid, Limit, NotFound, Other, Throttled, Unavailable};
    match fault {
        FaultKind::Latency(_)
        | FaultKind::EndlessPagesSameToken
        | FaultKind::EndlessPagesNewTokens
        | FaultKind::EmptyPage
        | FaultKind::NoDefinition
        | FaultKind::Definition(_) => Expected::Answered,
        FaultKind::Throttling | FaultKind::TooManyRequests { .. } => Expected::Retried(Throttled),
        FaultKind::ServerErrorJson(501) => Expected::Refused(Unavailable),
        FaultKind::ServerErrorJson(_)
        | FaultKind::ServerErrorHtml(_)
        | FaultKind::TruncatedBody
        | FaultKind::DropBefore
        | FaultKind::DropAfter => Expected::Retried(Unavailable),
        FaultKind::Garbage => Expected::Refused(Other),
        FaultKind::AccessDenied => Expected::Refused(Denied),
        FaultKind::ExpiredToken => Expected::Cured,
        // The clocks agree, so there is nothing to correct.
        FaultKind::ClockSkew => Expected::Refused(Denied),
        FaultKind::Conflict if operation == Operation::StopPipelineExecution => Expected::Cured,
        FaultKind::Conflict => Expected::Refused(Conflict),
        FaultKind::Error { code, .. } => Expected::Refused(match code.as_str() {
            "ValidationException" => Invalid,
            "ResourceLimitExceeded" => Limit,
            "ResourceNotFound" => NotFound,
            _ => Other,
        }),
    }
}

/// Makes a call that uses the operation.
async fn call(job_type: &JobType, operation: Operation, run: &Run) -> Result<(), Error> {
    let job = job("one-step", &[]);
    match operation {
        Operation::ListPipelines => job_type.test_connection().await.unwrap().map(drop),
        Operation::DescribePipeline => job_type.inspect("one-step").await.unwrap().map(drop),
        Operation::StartPipelineExecution => job_type.start(&job, GUID).await.unwrap().map(drop),
        Operation::DescribePipelineExecution => job_type.status(run).await.unwrap().map(drop),
        Operation::ListPipelineExecutionSteps => job_type.steps(run, None).await.unwrap().map(drop),
        Operation::StopPipelineExecution => job_type.cancel(run, GUID).await.unwrap().map(drop),
        Operation::RetryPipelineExecution => {
            job_type.retry(run, &[], GUID).await.unwrap().map(drop)
        }
        other => panic!("the job type doesn't use {other}"),
    }
}

/// A stage with a run that the operation can be applied to.
async fn stage_for(operation: Operation) -> (Stage, Run) {
    let stage = Stage::new().await;
    if operation == Operation::StartPipelineExecution {
        return (stage, unknown_run());
    }
    let run = stage.start(&job("one-step", &[])).await;
    if operation == Operation::RetryPipelineExecution {
        let failed = ExecutionStatus::Failed;
        stage.emulator.set_status(&run.run_id, failed).unwrap();
    }
    (stage, run)
}

#[tokio::test]
async fn every_fault_at_every_operation_and_attempt_has_the_expected_outcome() {
    let mut failed = Vec::new();
    let mut rows = 0;
    for operation in OPERATIONS {
        for fault in faults() {
            for attempt in 1..=ATTEMPTS {
                rows += 1;
                if let Err(difference) = check_row(operation, &fault, attempt).await {
                    failed.push(format!(
                        "{fault:?} at attempt {attempt} of {operation}: {difference}"
                    ));
                }
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {rows} rows: {failed:#?}",
        failed.len()
    );
}

/// Checks one row of the table.
async fn check_row(operation: Operation, fault: &FaultKind, attempt: usize) -> Result<(), String> {
    let (stage, run) = stage_for(operation).await;
    let earlier_attempts = u32::try_from(attempt - 1).unwrap();
    let transient = Fault::new(FaultKind::ServerErrorJson(500)).on(operation);
    stage.emulator.inject(transient.times(earlier_attempts));
    stage
        .emulator
        .inject(Fault::new(fault.clone()).on(operation).times(1));
    let result = call(&stage.job_type(), operation, &run).await;

    let (requests, class) = match expected(fault, operation) {
        Expected::Answered => (attempt, None),
        Expected::Cured => (attempt + 1, None),
        Expected::Retried(_) if attempt < ATTEMPTS => (attempt + 1, None),
        Expected::Retried(class) | Expected::Refused(class) => (attempt, Some(class)),
    };
    let found = result.as_ref().err().map(|error| error.class);
    if found != class {
        return Err(format!("{result:?} instead of {class:?}"));
    }
    let made = stage.emulator.request_count(operation);
    if made != requests {
        return Err(format!("{made} requests instead of {requests}"));
    }
    if operation == Operation::StartPipelineExecution {
        return check_single_execution(&stage, result.is_ok(), fault).await;
    }
    Ok(())
}

/// Checks that at most one execution was started, and that the same GUID returns its run.
async fn check_single_execution(
    stage: &Stage,
    started: bool,
    fault: &FaultKind,
) -> Result<(), String> {
    let lost = matches!(fault, FaultKind::DropAfter | FaultKind::TruncatedBody);
    let executions = stage.emulator.executions_created();
    if executions != usize::from(started || lost) {
        return Err(format!("{executions} executions"));
    }
    stage.emulator.clear_faults();
    let job = job("one-step", &[]);
    let first = answer(stage.job_type().start(&job, GUID).await);
    let again = answer(stage.job_type().start(&job, GUID).await);
    match stage.emulator.executions_created() {
        1 if first == again => Ok(()),
        count => Err(format!(
            "{count} executions after repeats: {first:?}, {again:?}"
        )),
    }
}

#[tokio::test]
async fn every_call_corrects_a_clock_that_is_hours_off() {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    for operation in OPERATIONS {
        for behind in [true, false] {
            let (stage, run) = stage_for(operation).await;
            let requests = stage.emulator.request_count(operation);
            let now = stage.clock.now();
            let wrong_now = if behind {
                now - 5 * HOUR
            } else {
                now + 5 * HOUR
            };
            let wrong_clock = SharedClock(Arc::new(ManualClock::new(wrong_now)));
            let access = stage
                .access(stage.grants(), credentials())
                .with_clock(Arc::new(wrong_clock));
            let job_type = stage.plugin.for_connection(stage.connection(), access);
            let result = call(&job_type, operation, &run).await;
            assert!(result.is_ok(), "{operation}: {result:?}");
            let made = stage.emulator.request_count(operation) - requests;
            assert_eq!(made, 2, "{operation}");
            assert!(stage.emulator.executions_created() <= 1, "{operation}");
        }
    }
}

#[tokio::test]
async fn a_failed_run_is_failed_even_if_its_steps_cannot_be_listed() {
    for fault in faults() {
        let stage = Stage::new().await;
        let failure = StepFailure::AtEnd("no capacity".to_owned());
        stage
            .emulator
            .fail_step("one-step", "Work", failure, Some(1));
        let run = stage.start(&job("one-step", &[])).await;
        stage.clock.advance(3 * STEP);
        stage
            .emulator
            .inject(Fault::new(fault.clone()).on(Operation::ListPipelineExecutionSteps));
        let status = stage.status(&run).await;
        assert_eq!(
            (status.state, status.finished),
            (RunState::Failed, true),
            "{fault:?}"
        );
        let requests = stage
            .emulator
            .request_count(Operation::ListPipelineExecutionSteps);
        assert!(requests <= 50, "{fault:?}: {requests}");
    }
}
