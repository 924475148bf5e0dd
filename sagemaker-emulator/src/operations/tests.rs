//! Every response satisfies the API model.

use std::time::Duration;

use serde_json::{Value, json};

use super::testing::Fixture;
use super::*;
use crate::pipeline::shipped;

const ALL_TYPES: &str = r#"{"Steps": [
    {"Name": "P", "Type": "Processing", "DisplayName": "Shown", "Description": "Said"},
    {"Name": "T_with_underscores", "Type": "Training"},
    {"Name": "B", "Type": "Transform"},
    {"Name": "H", "Type": "Tuning"},
    {"Name": "M", "Type": "Model"},
    {"Name": "R", "Type": "RegisterModel", "Arguments": {"ModelPackageGroupName": "G"}},
    {"Name": "Q", "Type": "QualityCheck", "CheckType": "DATA_QUALITY"},
    {"Name": "Y", "Type": "ClarifyCheck", "ModelPackageGroupName": "G", "SkipCheck": true},
    {"Name": "E", "Type": "EMR", "ClusterId": "j-1"},
    {"Name": "S", "Type": "EMRServerless", "Arguments": {"ApplicationId": "00f1"}},
    {"Name": "A", "Type": "AutoML"},
    {"Name": "C", "Type": "EndpointConfig"},
    {"Name": "D", "Type": "Endpoint"},
    {"Name": "I", "Type": "InferenceComponent"},
    {"Name": "K", "Type": "BedrockCustomModel"},
    {"Name": "L", "Type": "BedrockModelImport"},
    {"Name": "F", "Type": "ForEach", "Arguments": {"IterableItems": "[1, {\"a\": 2}]",
        "MaxConcurrency": 1, "ForEachBody": [{"Name": "W", "Type": "Processing"}]}},
    {"Name": "N", "Type": "NotebookJob"}
]}"#;

impl Fixture {
    /// Reads what a step has logged by each operation that does.
    fn read_logs(&mut self, group: &str) {
        let mut request = json!({"logGroupName": group, "limit": 1});
        let streams = self.call(Operation::DescribeLogStreams, &request);
        let events = self.call(Operation::FilterLogEvents, &request);
        assert!(events["nextToken"].is_string(), "{events}");
        request["logStreamName"] = streams["logStreams"][0]["logStreamName"].clone();
        let events = self.call(Operation::GetLogEvents, &request);
        assert_eq!(events["events"].as_array().unwrap().len(), 1);
    }

    /// Runs a pipeline to its end, and describes it all the while. Returns the steps.
    fn run(&mut self, pipeline: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
        let parameters: Vec<Value> = parameters
            .iter()
            .map(|(name, value)| json!({"Name": name, "Value": value}))
            .collect();
        let start = json!({
            "PipelineName": pipeline,
            "ClientRequestToken": format!("{pipeline}{}", "-".repeat(32)),
            "PipelineParameters": parameters,
            "SelectiveExecutionConfig": null,
        });
        let started = self.call(Operation::StartPipelineExecution, &start);
        let arn = json!({"PipelineExecutionArn": started["PipelineExecutionArn"]});
        let mut all_steps = arn.clone();
        all_steps["MaxResults"] = json!(100);
        let mut steps = Value::Null;
        for _ in 0..8 {
            self.call(Operation::DescribePipelineExecution, &arn);
            steps = self.call(Operation::ListPipelineExecutionSteps, &all_steps);
            self.now += Duration::from_secs(1);
        }
        let by_name = json!({"PipelineName": pipeline});
        self.call(Operation::ListPipelineExecutions, &by_name);
        self.call(Operation::DescribePipeline, &by_name);
        // This definition declares a name that the model doesn't allow, and the listing contains it.
        if pipeline != "parameters-of-every-type" {
            self.call(Operation::ListPipelineParametersForExecution, &arn);
        }
        steps["PipelineExecutionSteps"].as_array().unwrap().clone()
    }
}

#[test]
fn responses_about_the_shipped_pipelines_satisfy_the_model() {
    let mut fixture = Fixture::new();
    for pipeline in shipped::pipelines().unwrap() {
        let account = fixture.settings.account.clone();
        let (role, user) = (account.role_arn("r"), account.user_arn("u"));
        let now = fixture.now;
        fixture
            .store
            .add_pipeline(pipeline, &account, role, user, now);
    }
    fixture.call(Operation::ListPipelines, &json!({}));
    fixture.run("abalone-training", &[]);
    fixture.run("always-fails", &[]);
    fixture.run("callback-then-lambda", &[("InputDataUrl", "x")]);
    fixture.run("churn-training-fails", &[]);
    fixture.run("nightly-scoring", &[("ScoringDate", "2026-10-01")]);
    fixture.read_logs("/aws/lambda/f");
    fixture.run("parameters-of-every-type", &[("InputDataUrl", "x")]);
}

#[test]
fn metadata_of_every_step_type_satisfies_the_model_and_unknown_types_have_none() {
    let mut fixture = Fixture::new();
    let create = json!({
        "PipelineName": "All",
        "PipelineDefinition": ALL_TYPES,
        "RoleArn": "arn:aws-us-gov:iam::123456789012:role/r",
        "ClientRequestToken": "-".repeat(32),
    });
    fixture.call(Operation::CreatePipeline, &create);
    let mut steps = fixture.run("All", &[]);
    for group in [
        "TrainingJobs",
        "ProcessingJobs",
        "TransformJobs",
        "AutoMLJobs",
    ] {
        fixture.read_logs(&format!("/aws/sagemaker/{group}"));
    }
    steps.reverse();
    steps.sort_by_key(|step| step.get("IterationContext").is_some());
    let kinds: Vec<&str> = steps
        .iter()
        .map(|step| {
            let metadata = step.get("Metadata").and_then(Value::as_object);
            metadata
                .and_then(|kinds| kinds.keys().next())
                .map_or("none", String::as_str)
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "ProcessingJob",
            "TrainingJob",
            "TransformJob",
            "TuningJob",
            "Model",
            "RegisterModel",
            "QualityCheck",
            "ClarifyCheck",
            "EMR",
            "EMRServerless",
            "AutoMLJob",
            "EndpointConfig",
            "Endpoint",
            "InferenceComponent",
            "BedrockCustomModel",
            "BedrockModelImport",
            "ForEach",
            "none",
            "ProcessingJob",
            "ProcessingJob",
        ]
    );
    let last = steps.last().unwrap();
    assert_eq!(last["StepName"], "W-1");
    let context = json!({"ParentStepName": "F", "Index": 1, "Item": "{\"a\":2}"});
    assert_eq!(last["IterationContext"], context);
    let training = steps[1]["Metadata"]["TrainingJob"]["Arn"].as_str().unwrap();
    assert!(training.starts_with(
        "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:training-job/pipelines-"
    ));
}
