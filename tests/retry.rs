//! Retries of a failed run.

use crate::support::{GUID, Stage, answer, attribute, job, refusal};
use polysync_host::contract::{ErrorClass, RunState};
use sagemaker_emulator::{Operation, StepFailure};

#[tokio::test]
async fn a_retried_run_executes_again_under_the_same_arn() {
    let stage = Stage::new().await;
    let failure = StepFailure::AtEnd("no capacity".to_owned());
    stage
        .emulator
        .fail_step("one-step", "Work", failure, Some(1));
    let run = stage.start(&job("one-step", &[])).await;
    assert_eq!(stage.until_finished(&run).await.state, RunState::Failed);

    let attributes = [attribute("max-parallel-execution-steps", "2")];
    let retried = answer(stage.job_type().retry(&run, &attributes, GUID).await);
    assert_eq!(retried.run_id, run.run_id);
    let status = stage.status(&run).await;
    assert_eq!((status.state, status.finished), (RunState::Running, false));
    assert_eq!(stage.until_finished(&run).await.state, RunState::Success);

    let body = &stage.requests(Operation::RetryPipelineExecution)[0].body;
    assert_eq!(body["ClientRequestToken"], format!("polysync-retry-{GUID}"));
    assert_eq!(
        body["ParallelismConfiguration"]["MaxParallelExecutionSteps"],
        2
    );
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_successful_run_cannot_be_retried() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    stage.until_finished(&run).await;
    let error = refusal(stage.job_type().retry(&run, &[], GUID).await);
    assert!(
        matches!(error.class, ErrorClass::Invalid | ErrorClass::Conflict),
        "{error:?}"
    );
}
