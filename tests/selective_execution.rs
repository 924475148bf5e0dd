//! The choice of a version, of steps and of an experiment for an execution.

use crate::support::{GUID, Stage, answer, attribute, job, refusal};
use polysync_host::contract::{ErrorClass, Job, Run, RunState, Step};
use sagemaker_emulator::{Operation, Pipeline, StepFailure};

const CHAIN: &str = r#"{"Version": "2020-12-01", "Steps": [
    {"Name": "Prepare", "Type": "Processing", "Arguments": {}},
    {"Name": "Train", "Type": "Training", "Arguments": {}, "DependsOn": ["Prepare"]},
    {"Name": "Evaluate", "Type": "Processing", "Arguments": {}, "DependsOn": ["Train"]},
    {"Name": "Announce", "Type": "Lambda", "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Arguments": {}, "DependsOn": ["Evaluate"]}
]}"#;
const THIRD_GUID: &str = "66666666-7777-8888-9999-000000000000";
const OTHER_GUID: &str = "11111111-2222-3333-4444-555555555555";

async fn stage() -> Stage {
    Stage::with(|emulator| {
        emulator.with_pipeline(Pipeline::new("chain", CHAIN).version_alias("prod"))
    })
    .await
}

/// A run of the whole pipeline, to its end.
async fn whole_run(stage: &Stage) -> Run {
    let run = stage.start(&job("chain", &[])).await;
    stage.until_finished(&run).await;
    run
}

fn selecting(steps: &str, source: &Run) -> Job {
    let mut job = job("chain", &[]);
    job.attributes = vec![
        attribute("selected-steps", steps),
        attribute("source-execution-arn", &source.run_id),
    ];
    job
}

fn reused_from(step: &Step) -> Option<&str> {
    let detail = step.details.iter().find(|one| one.name == "reused-from")?;
    Some(&detail.value)
}

#[tokio::test]
async fn selected_steps_run_and_the_steps_that_they_need_are_reused_as_cache_hits() {
    let stage = stage().await;
    let source = whole_run(&stage).await;
    let job = selecting("Train, Evaluate", &source);
    let started = answer(stage.job_type().start(&job, OTHER_GUID).await);
    let run = stage.run("chain", started);
    let status = stage.until_finished(&run).await;
    assert_eq!(status.state, RunState::Success);

    let body = &stage.requests(Operation::StartPipelineExecution)[1].body;
    assert_eq!(
        body["SelectiveExecutionConfig"].to_string(),
        format!(
            r#"{{"SelectedSteps":[{{"StepName":"Train"}},{{"StepName":"Evaluate"}}],"SourcePipelineExecutionArn":"{}"}}"#,
            source.run_id
        )
    );
    let steps = stage.steps(&run).await;
    let seen: Vec<_> = steps
        .iter()
        .map(|step| (step.name.as_str(), step.cache_hit, reused_from(step)))
        .collect();
    assert_eq!(
        seen,
        [
            ("Prepare", true, Some(source.run_id.as_str())),
            ("Train", false, None),
            ("Evaluate", false, None),
        ]
    );
    let details: Vec<_> = status
        .details
        .iter()
        .filter(|detail| detail.name != "display-name")
        .map(|detail| (detail.name.as_str(), detail.value.as_str()))
        .collect();
    assert_eq!(
        details,
        [
            ("pipeline-version-id", "1"),
            ("selected-steps", "Train, Evaluate"),
            ("source-execution-arn", source.run_id.as_str()),
        ]
    );
}

#[tokio::test]
async fn a_retry_of_selected_steps_still_reuses_the_others() {
    let stage = stage().await;
    let source = whole_run(&stage).await;
    let failure = StepFailure::AtEnd("no capacity".to_owned());
    stage.emulator.fail_step("chain", "Train", failure, Some(1));
    let job = selecting("Train", &source);
    let started = answer(stage.job_type().start(&job, OTHER_GUID).await);
    let run = stage.run("chain", started);
    assert_eq!(stage.until_finished(&run).await.state, RunState::Failed);

    answer(stage.job_type().retry(&run, &[], GUID).await);
    assert_eq!(stage.until_finished(&run).await.state, RunState::Success);
    let steps = stage.steps(&run).await;
    assert_eq!(
        steps
            .iter()
            .map(|step| (step.name.as_str(), step.cache_hit, step.attempts))
            .collect::<Vec<_>>(),
        [("Prepare", true, Some(1)), ("Train", false, Some(2))]
    );
}

#[tokio::test]
async fn a_start_without_the_source_that_its_steps_need_says_what_to_give() {
    let stage = stage().await;
    let mut job = job("chain", &[]);
    job.attributes = vec![attribute("selected-steps", "Train")];
    let error = refusal(stage.job_type().start(&job, GUID).await);
    assert_eq!(error.class, ErrorClass::Invalid);
    assert!(error.message.contains("Prepare"), "{}", error.message);
    assert!(
        error.hint.contains("source-execution-arn"),
        "{}",
        error.hint
    );
    assert_eq!(stage.emulator.executions_created(), 0);
}

#[tokio::test]
async fn steps_that_the_service_can_not_run_alone_are_refused_with_the_reason() {
    let stage = stage().await;
    let source = whole_run(&stage).await;
    let other = job("one-step", &[]);
    let other = answer(stage.job_type().start(&other, OTHER_GUID).await);
    let other = stage.run("one-step", other);
    for (job, reason) in [
        (selecting("Deploy", &source), "Deploy"),
        (selecting("Prepare, Evaluate", &source), "Train"),
        (selecting("Train", &other), "another pipeline"),
    ] {
        let error = refusal(stage.job_type().start(&job, THIRD_GUID).await);
        assert!(error.message.contains(reason), "{}", error.message);
        assert!(error.hint.contains("connected"), "{}", error.hint);
    }
    assert_eq!(stage.emulator.executions_created(), 2);
}

#[tokio::test]
async fn a_version_and_an_experiment_are_sent_if_given() {
    let stage = stage().await;
    let mut job = job("chain", &[]);
    job.attributes = vec![
        attribute("pipeline-version-id", "1"),
        attribute("mlflow-experiment-name", "churn"),
    ];
    let run = stage.start(&job).await;
    let body = &stage.requests(Operation::StartPipelineExecution)[0].body;
    assert_eq!(body["PipelineVersionId"], 1);
    assert_eq!(body["MlflowExperimentName"], "churn");
    let details = stage.status(&run).await.details;
    assert!(
        details
            .iter()
            .any(|detail| detail.name == "pipeline-version-id" && detail.value == "1"),
        "{details:?}"
    );

    job.attributes = vec![attribute("pipeline-version-alias", "prod")];
    answer(stage.job_type().start(&job, OTHER_GUID).await);
    let body = &stage.requests(Operation::StartPipelineExecution)[1].body;
    assert_eq!(body["PipelineVersionAlias"], "prod");
}

#[tokio::test]
async fn a_version_that_the_pipeline_does_not_have_is_named_in_the_hint() {
    let stage = stage().await;
    for (key, value) in [
        ("pipeline-version-id", "41"),
        ("pipeline-version-alias", "beta"),
    ] {
        let mut job = job("chain", &[]);
        job.attributes = vec![attribute(key, value)];
        let error = refusal(stage.job_type().start(&job, GUID).await);
        assert_eq!(error.class, ErrorClass::NotFound);
        let version = format!("version {value}");
        assert!(error.hint.contains(&version), "{}", error.hint);
    }
}
