//! The steps of a run.

use crate::support::{Stage, answer, job, refusal};
use polysync_host::contract::RunState;
use sagemaker_emulator::{Fault, FaultKind, Operation};

#[tokio::test]
async fn steps_are_in_order_of_start_with_kind_state_times_and_job() {
    let stage = Stage::new().await;
    let run = stage.start(&job("abalone-training", &[])).await;
    stage.until_finished(&run).await;
    let steps = stage.steps(&run).await;
    let starts: Vec<_> = steps.iter().filter_map(|step| step.started_at).collect();
    assert!(starts.is_sorted(), "{steps:#?}");
    let training = steps
        .iter()
        .find(|step| step.kind == "TrainingJob")
        .unwrap();
    assert_eq!(
        (training.state, training.platform_status.as_str()),
        (RunState::Success, "Succeeded")
    );
    assert!(training.ended_at > training.started_at);
    assert_eq!(training.attempts, Some(1));
    assert!(!training.cache_hit);
    assert!(
        training
            .resource_id
            .as_deref()
            .unwrap()
            .contains(":training-job/")
    );
    let labels: Vec<_> = training
        .links
        .iter()
        .map(|link| link.label.as_str())
        .collect();
    assert_eq!(labels, ["console", "logs"]);
    assert!(
        training.links[0]
            .url
            .contains("console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/")
    );
    assert!(
        training.links[1]
            .url
            .contains("$252Faws$252Fsagemaker$252FTrainingJobs")
    );
}

#[tokio::test]
async fn every_page_of_steps_is_listed() {
    let many: Vec<String> = (0..230)
        .map(|i| format!(r#"{{"Name": "Step{i}", "Type": "Processing", "Arguments": {{}}}}"#))
        .collect();
    let definition = format!(
        r#"{{"Version": "2020-12-01", "Steps": [{}]}}"#,
        many.join(",")
    );
    let stage = Stage::with(|emulator| emulator.pipeline("many-steps", definition)).await;
    let run = stage.start(&job("many-steps", &[])).await;
    stage.until_finished(&run).await;
    assert_eq!(stage.steps(&run).await.len(), 230);
    assert_eq!(
        stage.requests(Operation::ListPipelineExecutionSteps).len(),
        3
    );
}

#[tokio::test]
async fn a_listing_that_repeats_its_token_is_an_error() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesSameToken));
    let job_type = stage.job_type();
    let first = answer(job_type.steps(&run, None).await);
    let error = refusal(job_type.steps(&run, first.next_cursor.as_deref()).await);
    assert_eq!(error.code, "EndlessListing");
}

#[tokio::test]
async fn a_text_that_is_not_a_cursor_is_refused() {
    let stage = Stage::new().await;
    let run = stage.start(&job("one-step", &[])).await;
    let error = refusal(stage.job_type().steps(&run, Some("bogus")).await);
    assert_eq!(error.code, "InvalidCursor");
}
