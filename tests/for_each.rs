//! The steps of a ForEach step: its iterations, and its counts.

use crate::support::{Stage, answer, job};
use polysync_host::contract::{Run, RunState, Step};
use sagemaker_emulator::StepFailure;

const SCORING: &str = r#"{"Version": "2020-12-01",
    "Parameters": [{"Name": "Regions", "Type": "String", "DefaultValue": "[{\"name\":\"emea\"},{\"name\":\"apac\"},{\"name\":\"amer\"}]"}],
    "Steps": [{"Name": "ForEachRegion", "Type": "ForEach", "Arguments": {
        "IterableItems": {"Get": "Parameters.Regions"},
        "MaxConcurrency": 2,
        "ForEachBody": [{"Name": "Score", "Type": "Lambda", "DisplayName": "Score a region",
            "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:score",
            "Arguments": {"region": {"Get": "ForEach.CurrentItem.name"}}}]}},
    {"Name": "Report", "Type": "Processing", "Arguments": {}, "DependsOn": ["ForEachRegion"]}]}"#;

async fn stage() -> Stage {
    Stage::with(|emulator| emulator.pipeline("scoring", SCORING)).await
}

fn named<'a>(steps: &'a [Step], name: &str) -> &'a Step {
    steps.iter().find(|step| step.name == name).unwrap()
}

fn detail<'a>(step: &'a Step, name: &str) -> Option<&'a str> {
    let detail = step.details.iter().find(|detail| detail.name == name)?;
    Some(&detail.value)
}

async fn finished(stage: &Stage) -> (Run, RunState) {
    let run = stage.start(&job("scoring", &[])).await;
    let status = stage.until_finished(&run).await;
    (run, status.state)
}

#[tokio::test]
async fn each_iteration_is_a_step_that_says_of_which_item() {
    let stage = stage().await;
    let (run, state) = finished(&stage).await;
    assert_eq!(state, RunState::Success);
    let steps = stage.steps(&run).await;
    let names: Vec<_> = steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        ["ForEachRegion", "Score-0", "Score-1", "Score-2", "Report"]
    );
    let second = named(&steps, "Score-1");
    assert_eq!(
        second.display_name.as_deref(),
        Some("Score a region, iteration 1 of ForEachRegion")
    );
    assert_eq!(detail(second, "for-each"), Some("ForEachRegion"));
    assert_eq!(detail(second, "iteration"), Some("1"));
    assert_eq!(detail(second, "item"), Some(r#"{"name":"apac"}"#));
    assert_eq!(second.kind, "Lambda");
    // Two at once: the third starts when one of them is over.
    assert!(named(&steps, "Score-2").started_at >= second.ended_at);
}

#[tokio::test]
async fn a_for_each_step_counts_its_iterations_while_it_runs_and_at_its_end() {
    let stage = stage().await;
    let run = stage.start(&job("scoring", &[])).await;
    stage
        .clock
        .advance(crate::support::STEP + crate::support::STEP / 2);
    let steps = stage.steps(&run).await;
    let parent = named(&steps, "ForEachRegion");
    assert_eq!(
        (parent.kind.as_str(), parent.state),
        ("ForEach", RunState::Running)
    );
    assert_eq!(detail(parent, "input-item-count"), Some("3"));
    assert_eq!(detail(parent, "succeeded-step-count"), Some("2"));

    stage.until_finished(&run).await;
    let steps = stage.steps(&run).await;
    let parent = named(&steps, "ForEachRegion");
    assert_eq!(detail(parent, "succeeded-step-count"), Some("3"));
    assert_eq!(detail(parent, "status"), Some("Succeeded"));
}

#[tokio::test]
async fn a_failed_run_names_the_iterations_that_failed_and_how_many_did() {
    let stage = stage().await;
    for step in ["Score-0", "Score-2"] {
        let failure = StepFailure::AtEnd("the function timed out".to_owned());
        stage.emulator.fail_step("scoring", step, failure, Some(1));
    }
    let run = stage.start(&job("scoring", &[])).await;
    let status = stage.until_finished(&run).await;
    assert_eq!(status.state, RunState::Failed);
    let failed: Vec<_> = status
        .failed_steps
        .iter()
        .map(|step| (step.name.as_str(), step.reason.as_deref()))
        .collect();
    assert_eq!(
        failed,
        [
            ("ForEachRegion", Some("2 of 3 iteration steps failed")),
            ("Score-0", Some("the function timed out")),
            ("Score-2", Some("the function timed out")),
        ]
    );
    assert_eq!(
        detail(&status.failed_steps[2], "item"),
        Some(r#"{"name":"amer"}"#)
    );
}

#[tokio::test]
async fn a_retry_runs_the_iterations_again_that_failed() {
    let stage = stage().await;
    let failure = StepFailure::AtEnd("the function timed out".to_owned());
    stage
        .emulator
        .fail_step("scoring", "Score-1", failure, Some(1));
    let (run, state) = finished(&stage).await;
    assert_eq!(state, RunState::Failed);
    answer(
        stage
            .job_type()
            .retry(&run, &[], crate::support::GUID)
            .await,
    );
    assert_eq!(stage.until_finished(&run).await.state, RunState::Success);
    let steps = stage.steps(&run).await;
    let attempts: Vec<_> = ["Score-0", "Score-1", "Score-2"]
        .map(|name| named(&steps, name).attempts)
        .to_vec();
    assert_eq!(attempts, [Some(1), Some(2), Some(1)]);
}
