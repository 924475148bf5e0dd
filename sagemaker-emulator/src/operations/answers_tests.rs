//! Every answer must be what the API model promises to clients.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;

use super::*;
use crate::arn::Place;
use crate::model::Model;
use crate::shipped;
use crate::store::TokenRepeat;
use crate::timeline::Timing;

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
    {"Name": "N", "Type": "NotebookJob"}
]}"#;

struct Account {
    store: Store,
    settings: Settings,
    model: Model,
    now: SystemTime,
}

impl Account {
    fn new() -> Self {
        let second = Duration::from_secs(1);
        let settings = Settings {
            place: Place {
                region: "us-gov-west-1".to_owned(),
                account_id: "123456789012".to_owned(),
            },
            timing: Timing {
                step: second,
                callback: second,
                stop: second,
                callback_stop: second,
            },
            token_repeat: TokenRepeat::default(),
            requests_per_second: None,
        };
        Self {
            store: Store::default(),
            settings,
            model: Model::load().unwrap(),
            now: UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        }
    }

    /// Performs an operation and checks both request and answer.
    fn call(&mut self, operation: Operation, body: &Value) -> Value {
        self.model.check_input(operation, body).unwrap();
        let call = Call {
            store: &mut self.store,
            settings: &self.settings,
            operation,
            body,
            caller_arn: self.settings.place.user("someone"),
            now: self.now,
        };
        let answer = call.perform().unwrap();
        if let Err(error) = self.model.check_output(operation, &answer) {
            panic!("{operation}: {} {answer}", error.message);
        }
        answer
    }

    /// Runs a pipeline to its end and looks at it all the while.
    fn watch(&mut self, pipeline: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
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
        let mut steps = Value::Null;
        for _ in 0..8 {
            self.call(Operation::DescribePipelineExecution, &arn);
            steps = self.call(Operation::ListPipelineExecutionSteps, &arn);
            self.now += Duration::from_secs(1);
        }
        let of_pipeline = json!({"PipelineName": pipeline});
        self.call(Operation::ListPipelineExecutions, &of_pipeline);
        self.call(Operation::DescribePipeline, &of_pipeline);
        // A definition can declare a name that the model can't carry; the listing tells it still.
        if pipeline != "parameters-of-every-type" {
            self.call(Operation::ListPipelineParametersForExecution, &arn);
        }
        steps["PipelineExecutionSteps"].as_array().unwrap().clone()
    }
}

#[test]
fn answers_about_the_shipped_pipelines_fit_the_model() {
    let mut account = Account::new();
    for pipeline in shipped::pipelines().unwrap() {
        let place = account.settings.place.clone();
        let (role, user) = (place.role("r"), place.user("u"));
        let now = account.now;
        account
            .store
            .add_pipeline(pipeline, &place, role, user, now);
    }
    account.call(Operation::ListPipelines, &json!({}));
    account.watch("abalone-training", &[]);
    account.watch("always-fails", &[]);
    account.watch("callback-then-lambda", &[("InputDataUrl", "x")]);
    account.watch("churn-training-fails", &[]);
    account.watch("nightly-scoring", &[("ScoringDate", "2026-10-01")]);
    account.watch("parameters-of-every-type", &[("InputDataUrl", "x")]);
}

#[test]
fn metadata_of_every_step_type_fits_the_model_and_an_unknown_type_has_none() {
    let mut account = Account::new();
    let create = json!({
        "PipelineName": "All",
        "PipelineDefinition": ALL_TYPES,
        "RoleArn": "arn:aws-us-gov:iam::123456789012:role/r",
        "ClientRequestToken": "-".repeat(32),
    });
    account.call(Operation::CreatePipeline, &create);
    let mut steps = account.watch("All", &[]);
    steps.reverse();
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
            "none"
        ]
    );
    let training = steps[1]["Metadata"]["TrainingJob"]["Arn"].as_str().unwrap();
    assert!(training.starts_with(
        "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:training-job/pipelines-"
    ));
}
