//! Executions, as clients see them in the course of time.

use std::time::Duration;

use sagemaker_emulator::{ExecutionStatus, StepFailure};
use serde_json::{Value, json};

use crate::client::{Answer, STEP, Stage, TOKEN};

fn stop(stage: &Stage, arn: &str, token: &str) -> Answer {
    let request = json!({"PipelineExecutionArn": arn, "ClientRequestToken": token});
    stage.client.call("StopPipelineExecution", request)
}

fn retry(stage: &Stage, arn: &str, token: &str) -> Answer {
    let request = json!({"PipelineExecutionArn": arn, "ClientRequestToken": token});
    stage.client.call("RetryPipelineExecution", request)
}

fn start_shipped(stage: &Stage, pipeline: &str, parameters: Value) -> String {
    let request = json!({
        "PipelineName": pipeline,
        "PipelineParameters": parameters,
        "ClientRequestToken": TOKEN,
    });
    let answer = stage.client.call("StartPipelineExecution", request).ok();
    answer["PipelineExecutionArn"].as_str().unwrap().to_owned()
}

fn step_names(steps: &[Value]) -> Vec<&str> {
    steps
        .iter()
        .map(|step| step["StepName"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_execution_succeeds_when_its_steps_have_succeeded() {
    let stage = Stage::new().await;
    let arn = stage.start("Two", TOKEN);
    assert!(arn.starts_with("arn:aws:sagemaker:us-east-1:123456789012:pipeline/two/execution/"));
    assert_eq!(arn.rsplit('/').next().unwrap().len(), 12);
    assert_eq!(stage.status(&arn), "Executing");
    stage.clock.advance(2 * STEP - Duration::from_millis(1));
    assert_eq!(stage.status(&arn), "Executing");
    stage.clock.advance(Duration::from_millis(1));
    let over = stage.describe(&arn);
    assert_eq!(over["PipelineExecutionStatus"], "Succeeded");
    assert_eq!(over["CreationTime"], json!(1_800_000_000.25));
    assert_eq!(over["LastModifiedTime"], json!(1_800_000_120.25));
    assert_eq!(over.get("FailureReason"), None);
    assert_eq!(step_names(&stage.steps(&arn)), ["First", "Second"]);
    stage.clock.advance(STEP);
    assert_eq!(
        stage.describe(&arn)["LastModifiedTime"],
        json!(1_800_000_120.25)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_cause_of_a_failure_is_in_its_step() {
    let stage = Stage::with(|builder| builder.shipped_pipelines()).await;
    let arn = start_shipped(&stage, "churn-training-fails", json!([]));
    stage.clock.advance(2 * STEP);
    let described = stage.describe(&arn);
    assert_eq!(described["PipelineExecutionStatus"], "Failed");
    assert_eq!(
        described["FailureReason"],
        "Step failure: One or multiple steps failed."
    );
    let steps = stage.steps(&arn);
    let failed = steps
        .iter()
        .find(|step| step["StepStatus"] == "Failed")
        .unwrap();
    assert_eq!(failed["StepName"], "TrainModel");
    assert!(
        failed["FailureReason"]
            .as_str()
            .unwrap()
            .contains("Out of memory")
    );
    let job = failed["Metadata"]["TrainingJob"]["Arn"].as_str().unwrap();
    assert!(job.contains(":training-job/pipelines-"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_condition_depends_on_the_given_parameters() {
    let stage = Stage::with(|builder| builder.shipped_pipelines()).await;
    let parameters = json!([
        {"Name": "InputDataUrl", "Value": "s3://x"},
        {"Name": "AccuracyThreshold", "Value": "0.25"},
    ]);
    let arn = start_shipped(&stage, "parameters-of-every-type", parameters);
    stage.clock.advance(2 * STEP);
    let steps = stage.steps(&arn);
    assert_eq!(step_names(&steps), ["Check", "FailLow"]);
    assert_eq!(steps[0]["Metadata"]["Condition"]["Outcome"], "False");
    let id = arn.rsplit('/').next().unwrap();
    let message = format!("low accuracy 0.25 {id}");
    assert_eq!(steps[1]["FailureReason"], json!(message));
    assert_eq!(steps[1]["Metadata"]["Fail"]["ErrorMessage"], json!(message));

    let request = json!({"PipelineExecutionArn": arn, "MaxResults": 2});
    let page = stage
        .client
        .call("ListPipelineParametersForExecution", request)
        .ok();
    let first = json!([
        {"Name": "AccuracyThreshold", "Value": "0.25"},
        {"Name": "InstanceType", "Value": "ml.m5.xlarge"},
    ]);
    assert_eq!(page["PipelineParameters"], first);
    assert!(page["NextToken"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_shipped_pipeline_runs_to_its_end() {
    let stage = Stage::with(|builder| builder.shipped_pipelines()).await;
    let url = json!([{"Name": "InputDataUrl", "Value": "s3://x"}]);
    let date = json!([{"Name": "ScoringDate", "Value": "2026-10-01"}]);
    let runs = [
        ("abalone-training", json!([]), "Succeeded", 5),
        ("always-fails", json!([]), "Failed", 1),
        ("callback-then-lambda", url.clone(), "Succeeded", 2),
        ("churn-training-fails", json!([]), "Failed", 2),
        ("nightly-scoring", date, "Succeeded", 5),
        ("parameters-of-every-type", url, "Succeeded", 1),
    ];
    for (pipeline, parameters, status, steps) in runs {
        let request = json!({
            "PipelineName": pipeline,
            "PipelineParameters": parameters,
            "ClientRequestToken": format!("{pipeline}-{TOKEN}"),
        });
        let answer = stage.client.call("StartPipelineExecution", request).ok();
        let arn = answer["PipelineExecutionArn"].as_str().unwrap().to_owned();
        stage.clock.advance(Duration::from_secs(2 * 60 * 60));
        assert_eq!(stage.status(&arn), status, "{pipeline}");
        assert_eq!(stage.steps(&arn).len(), steps, "{pipeline}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stopped_execution_is_stopping_first() {
    let stage = Stage::new().await;
    let arn = stage.start("Two", TOKEN);
    stage.clock.advance(Duration::from_secs(10));
    assert_eq!(
        stop(&stage, &arn, TOKEN).ok()["PipelineExecutionArn"],
        json!(arn)
    );
    assert_eq!(stage.status(&arn), "Stopping");
    assert_eq!(stage.steps(&arn)[0]["StepStatus"], "Stopping");
    stage.clock.advance(Duration::from_secs(5));
    let over = stage.describe(&arn);
    assert_eq!(over["PipelineExecutionStatus"], "Stopped");
    assert_eq!(over["LastModifiedTime"], json!(1_800_000_015.25));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_an_executing_execution_can_be_stopped() {
    let stage = Stage::new().await;
    let arn = stage.start("One", TOKEN);
    stop(&stage, &arn, TOKEN).ok();
    let other_token = TOKEN.replace('0', "x");
    for seconds in [0, 100] {
        stage.clock.advance(Duration::from_secs(seconds));
        let answer = stop(&stage, &arn, &other_token);
        assert_eq!(answer.code(), "ValidationException");
        let wording = "Only pipelines with 'Executing' status can be stopped";
        assert!(answer.message().starts_with(wording));
    }
    let absent = stop(&stage, &format!("{arn}x"), &other_token);
    assert_eq!(absent.code(), "ResourceNotFound");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_retry_has_the_same_arn_and_keeps_successful_steps() {
    let stage = Stage::new().await;
    let failure = StepFailure::AtEnd("broken".to_owned());
    stage.emulator.fail_step("two", "Second", failure, Some(1));
    let arn = stage.start("Two", TOKEN);
    assert_eq!(retry(&stage, &arn, TOKEN).code(), "ValidationException");
    stage.clock.advance(2 * STEP);
    assert_eq!(stage.status(&arn), "Failed");

    assert_eq!(
        retry(&stage, &arn, TOKEN).ok()["PipelineExecutionArn"],
        json!(arn)
    );
    assert_eq!(stage.status(&arn), "Executing");
    stage.clock.advance(STEP);
    assert_eq!(stage.status(&arn), "Succeeded");
    let steps = stage.steps(&arn);
    assert_eq!(steps[0]["AttemptCount"], 1);
    assert_eq!(steps[1]["AttemptCount"], 2);
    let again = retry(&stage, &arn, &TOKEN.replace('0', "x"));
    assert_eq!(again.code(), "ValidationException");
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn any_status_can_be_scripted() {
    let stage = Stage::new().await;
    stage
        .emulator
        .set_ending("One", ExecutionStatus::CompletedWithFailures);
    let arn = stage.start("One", TOKEN);
    assert_eq!(stage.status(&arn), "Executing");
    stage.clock.advance(STEP);
    assert_eq!(stage.status(&arn), "CompletedWithFailures");

    let status = ExecutionStatus::Other("Hibernating".to_owned());
    stage.emulator.set_status(&arn, status.clone()).unwrap();
    assert_eq!(stage.status(&arn), "Hibernating");
    assert!(stage.emulator.set_status("arn:none", status).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_description_contains_the_members_of_the_start() {
    let stage = Stage::new().await;
    let request = json!({
        "PipelineName": "Two",
        "ClientRequestToken": TOKEN,
        "PipelineExecutionDisplayName": "Nightly",
        "PipelineExecutionDescription": "Größe",
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3},
    });
    let started = stage.client.call("StartPipelineExecution", request).ok();
    let described = stage.describe(started["PipelineExecutionArn"].as_str().unwrap());
    assert_eq!(described["PipelineExecutionDisplayName"], "Nightly");
    assert_eq!(described["PipelineExecutionDescription"], "Größe");
    assert_eq!(
        described["ParallelismConfiguration"],
        json!({"MaxParallelExecutionSteps": 3})
    );
    let arn = stage.start("One", &TOKEN.replace('0', "x"));
    assert_eq!(
        stage.describe(&arn)["PipelineExecutionDisplayName"],
        "execution-1800000000250"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_pipeline_with_an_unreadable_definition_starts_with_any_parameters() {
    let stage = Stage::with(|builder| builder.pipeline("Odd", "not json")).await;
    let described = stage
        .client
        .call("DescribePipeline", json!({"PipelineName": "Odd"}));
    assert_eq!(described.ok()["PipelineDefinition"], "not json");
    let arn = start_shipped(&stage, "Odd", json!([{"Name": "Any", "Value": "1"}]));
    stage.clock.advance(STEP);
    assert_eq!(stage.status(&arn), "Succeeded");
}
