//! Cancelling a run.

use crate::support::{GUID, STEP, Stage, answer, job, refusal, unknown_run};
use polysync_host::contract::{CancelOutcome, ErrorClass, RunState};
use sagemaker_emulator::{Fault, FaultKind, Operation, TokenRepeat};

#[tokio::test]
async fn a_cancel_stops_the_execution_under_its_own_token_and_the_run_ends_as_cancelled() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let cancellation = answer(stage.job_type().cancel(&run, GUID).await);
    assert_eq!(cancellation.outcome, CancelOutcome::Requested);
    let body = &stage.requests(Operation::StopPipelineExecution)[0].body;
    assert_eq!(body["PipelineExecutionArn"], run.run_id.as_str());
    assert_eq!(
        body["ClientRequestToken"],
        format!("polysync-cancel-{GUID}")
    );
    assert_eq!(stage.status(&run).await.platform_status, "Stopping");
    assert_eq!(stage.until_finished(&run).await.state, RunState::Cancelled);
}

/// A host may cancel under the run's own GUID each time, as version 0.1.0 of the contract said.
#[tokio::test]
async fn a_run_that_was_cancelled_and_retried_is_cancelled_again_under_the_same_or_another_guid() {
    let other_guid = "11111111-2222-3333-4444-555555555555";
    for repeat in [TokenRepeat::SameAnswer, TokenRepeat::Conflict] {
        for guid in [GUID, other_guid] {
            let stage = Stage::with(|emulator| emulator.token_repeat(repeat)).await;
            let run = stage.start(&job("one-step", &[])).await;
            answer(stage.job_type().cancel(&run, GUID).await);
            assert_eq!(stage.until_finished(&run).await.state, RunState::Cancelled);
            answer(stage.job_type().retry(&run, &[], other_guid).await);
            assert_eq!(stage.status(&run).await.platform_status, "Executing");

            let cancellation = answer(stage.job_type().cancel(&run, guid).await);
            assert_eq!(cancellation.outcome, CancelOutcome::Requested);
            assert_eq!(stage.status(&run).await.platform_status, "Stopping");
            assert_eq!(stage.until_finished(&run).await.state, RunState::Cancelled);
            assert_eq!(stage.emulator.executions_created(), 1);
        }
    }
}

#[tokio::test]
async fn cancelling_a_run_that_is_already_stopping_reports_that() {
    let stage = Stage::new().await;
    let run = stage
        .start(&job(
            "callback-then-lambda",
            &[("InputDataUrl", "s3://b/k")],
        ))
        .await;
    answer(stage.job_type().cancel(&run, GUID).await);
    let other_guid = "11111111-2222-3333-4444-555555555555";
    let again = answer(stage.job_type().cancel(&run, other_guid).await);
    assert_eq!(again.outcome, CancelOutcome::AlreadyStopping);
}

#[tokio::test]
async fn cancelling_a_finished_run_reports_how_it_ended() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    stage.clock.advance(STEP * 2);
    let cancellation = answer(stage.job_type().cancel(&run, GUID).await);
    assert_eq!(cancellation.outcome, CancelOutcome::AlreadyFinished);
    assert!(
        cancellation.message.contains("Succeeded"),
        "{}",
        cancellation.message
    );
}

#[tokio::test]
async fn a_stop_that_conflicts_between_two_steps_is_attempted_five_times_and_once_more_with_a_new_token()
 {
    let stage = Stage::new().await;
    let run = stage.start(&job("abalone-training", &[])).await;
    let conflict = || Fault::new(FaultKind::Conflict).on(Operation::StopPipelineExecution);
    stage.emulator.inject(conflict().times(4));
    let cancellation = answer(stage.job_type().cancel(&run, GUID).await);
    assert_eq!(cancellation.outcome, CancelOutcome::Requested);
    assert_eq!(stage.requests(Operation::StopPipelineExecution).len(), 5);

    let stage = Stage::new().await;
    let run = stage
        .start(&job(
            "callback-then-lambda",
            &[("InputDataUrl", "s3://b/k")],
        ))
        .await;
    stage.emulator.inject(conflict());
    let error = refusal(stage.job_type().cancel(&run, GUID).await);
    assert_eq!((error.class, error.retryable), (ErrorClass::Conflict, true));
    let stops = stage.requests(Operation::StopPipelineExecution);
    assert_eq!(stops.len(), 6);
    assert_ne!(
        stops[4].body["ClientRequestToken"],
        stops[5].body["ClientRequestToken"]
    );
}

#[tokio::test]
async fn an_unknown_run_cannot_be_cancelled() {
    let stage = Stage::new().await;
    let error = refusal(stage.job_type().cancel(&unknown_run(), GUID).await);
    assert_eq!(error.class, ErrorClass::NotFound);
}
