//! The status of a run: the specification's table of states, the message, the times, and the failed
//! steps.

use crate::support::{
    ACCESS_KEY_ID, SECRET, STEP, Stage, answer, attribute, credentials, job, names_in_state,
    refusal, unknown_run,
};
use polysync_host::contract::{ErrorClass, RunState};
use sagemaker_emulator::{Credentials, ExecutionStatus, Fault, FaultKind, Operation};

/// State, platform status and whether the run is finished, for a status of the platform.
async fn state_for(status: &str) -> (RunState, String, bool) {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let status = ExecutionStatus::from(status.to_owned());
    stage.emulator.set_status(&run.run_id, status).unwrap();
    let status = stage.status(&run).await;
    (status.state, status.platform_status, status.finished)
}

#[tokio::test]
async fn executing_and_stopping_are_running() {
    for status in ["Executing", "Stopping"] {
        assert_eq!(
            state_for(status).await,
            (RunState::Running, status.to_owned(), false)
        );
    }
}

#[tokio::test]
async fn succeeded_is_success() {
    assert_eq!(
        state_for("Succeeded").await,
        (RunState::Success, "Succeeded".to_owned(), true)
    );
}

#[tokio::test]
async fn failed_is_failed() {
    assert_eq!(
        state_for("Failed").await,
        (RunState::Failed, "Failed".to_owned(), true)
    );
}

#[tokio::test]
async fn stopped_is_cancelled() {
    assert_eq!(
        state_for("Stopped").await,
        (RunState::Cancelled, "Stopped".to_owned(), true)
    );
}

#[tokio::test]
async fn any_other_status_is_unknown_and_shown() {
    assert_eq!(
        state_for("Hibernating").await,
        (RunState::Unknown, "Hibernating".to_owned(), false)
    );
}

#[tokio::test]
async fn completed_with_failures_is_unknown_but_finished_so_that_hosts_stop_polling() {
    assert_eq!(
        state_for("CompletedWithFailures").await,
        (RunState::Unknown, "CompletedWithFailures".to_owned(), true)
    );
}

#[tokio::test]
async fn a_status_that_is_null_or_absent_is_unknown() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    for body in [r#"{"PipelineExecutionStatus": null}"#, "{}"] {
        let status = answer(stage.job_type_answering(body).status(&run).await);
        assert_eq!(status.state, RunState::Unknown, "{body}");
        assert_eq!(
            (status.platform_status.as_str(), status.finished),
            ("", false)
        );
    }
}

#[tokio::test]
async fn a_run_goes_from_running_to_success() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let running = stage.status(&run).await;
    assert_eq!((running.state, running.ended_at), (RunState::Running, None));
    stage.clock.advance(STEP * 2);
    let finished = stage.status(&run).await;
    assert_eq!(finished.state, RunState::Success);
    assert_eq!(finished.started_at, running.started_at);
    assert_eq!(finished.ended_at, finished.updated_at);
    assert!(finished.ended_at > finished.started_at);
}

#[tokio::test]
async fn the_failure_reason_is_the_message() {
    let stage = Stage::new().await;
    let mut job = job("always-fails", &[]);
    job.attributes = vec![attribute("execution-description", "nightly")];
    let run = stage.start(&job).await;
    let status = stage.until_finished(&run).await;
    assert_eq!(status.state, RunState::Failed);
    assert_eq!(
        status.message.as_deref(),
        Some("Step failure: One or multiple steps failed.")
    );
}

#[tokio::test]
async fn without_a_failure_reason_the_description_is_the_message() {
    let stage = Stage::new().await;
    let mut job = job("one-step", &[]);
    job.attributes = vec![attribute("execution-description", "nightly")];
    let run = stage.start(&job).await;
    assert_eq!(stage.status(&run).await.message.as_deref(), Some("nightly"));
}

#[tokio::test]
async fn a_failed_run_names_the_step_its_job_and_the_reason() {
    let stage = Stage::new().await;
    let run = stage.start(&job("churn-training-fails", &[])).await;
    let status = stage.until_finished(&run).await;
    assert_eq!(status.state, RunState::Failed);
    let step = &status.failed_steps[0];
    assert_eq!(
        (step.name.as_str(), step.kind.as_str()),
        ("TrainModel", "TrainingJob")
    );
    assert!(
        step.reason.as_deref().unwrap().contains("Out of memory"),
        "{step:?}"
    );
    assert!(
        step.resource_id
            .as_deref()
            .unwrap()
            .contains(":training-job/"),
        "{step:?}"
    );
    assert_eq!(step.attempts, Some(1));
    assert!(
        step.links
            .iter()
            .any(|link| link.url.contains("cloudwatch")),
        "{step:?}"
    );
    assert_eq!(
        names_in_state(&status.failed_steps, RunState::Failed).len(),
        status.failed_steps.len()
    );
}

#[tokio::test]
async fn the_message_of_a_fail_step_is_its_reason() {
    let stage = Stage::new().await;
    let run = stage.start(&job("always-fails", &[])).await;
    let status = stage.until_finished(&run).await;
    assert_eq!(status.failed_steps[0].kind, "Fail");
    assert_eq!(status.failed_steps[0].reason.as_deref(), Some("always"));
}

#[tokio::test]
async fn a_status_is_the_same_without_permission_to_list_steps() {
    let stage = Stage::new().await;
    let run = stage.start(&job("always-fails", &[])).await;
    let denied =
        Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::ListPipelineExecutionSteps);
    stage.emulator.replace_credentials(vec![denied]);
    let status = stage.until_finished(&run).await;
    assert_eq!(status.state, RunState::Failed);
    assert!(status.message.is_some());
    assert_eq!(status.failed_steps.len(), 0);
}

#[tokio::test]
async fn a_status_is_the_same_if_the_listing_of_steps_has_no_end() {
    let stage = Stage::new().await;
    let run = stage.start(&job("always-fails", &[])).await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesSameToken));
    assert_eq!(stage.until_finished(&run).await.state, RunState::Failed);
}

#[tokio::test]
async fn a_poll_of_a_run_that_has_not_failed_takes_one_request() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let requests = stage.emulator.requests().len();
    stage.status(&run).await;
    stage.clock.advance(STEP * 2);
    assert_eq!(stage.status(&run).await.state, RunState::Success);
    assert_eq!(stage.emulator.requests().len() - requests, 2);
}

#[tokio::test]
async fn an_unknown_run_is_not_found() {
    let stage = Stage::new().await;
    let error = refusal(stage.job_type().status(&unknown_run()).await);
    assert_eq!(
        (error.class, error.retryable),
        (ErrorClass::NotFound, false)
    );
    assert!(error.request_id.is_some());
}

#[tokio::test]
async fn an_instance_can_poll_a_run_that_another_one_started() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let other = crate::support::load(polysync_host::Limits::recommended()).await;
    let job_type = stage.job_type_with(&other, stage.connection(), credentials());
    assert_eq!(answer(job_type.status(&run).await).state, RunState::Running);
}
