//! The job type as the checks by the models take it.

use super::requests::{ANSWER, EXECUTION};
use job_type_kit::contract::{Attribute, Connection, Direction, Job, Parameter, Run};
use model_checks::{Api, Passed, Subject};
use sagemaker_emulator::Model;
use serde_json::Value;

/// SageMaker's operations, and those of CloudWatch Logs.
pub(super) fn api() -> Api {
    Api::of([Model::JSON, Model::LOGS_JSON])
}

pub(super) fn subject() -> Subject {
    let run = |id: &str| Run {
        external_id: None,
        run_id: EXECUTION.replace("abc", id),
    };
    Subject {
        api: api(),
        connection: Connection {
            region: "eu-west-1".to_owned(),
            endpoint: None,
            attributes: Vec::new(),
        },
        passed: Passed {
            external_id: "p".to_owned(),
            job: Job {
                external_id: "p".to_owned(),
                attributes: vec![Attribute::new("execution-display-name", "Nightly")],
                parameters: vec![Parameter {
                    name: "A".to_owned(),
                    direction: Direction::Input,
                    value: Some("1".to_owned()),
                }],
            },
            runs: ["abc", "e1", "e2", "e3", "e4"].map(run).to_vec(),
            step: "Train".to_owned(),
            cursor: None,
            log_cursor: r#"{"places": [{"group": "/aws/sagemaker/TrainingJobs", "prefix": "t/",
                "until": 1793534000000, "token": "u", "delivered": [0, 0]}]}"#
                .to_owned(),
        },
        usual: |operation| match operation {
            // Only where a run is executing are others worth listing.
            "DescribePipelineExecution" => r#"{"PipelineExecutionStatus": "Executing"}"#,
            _ => ANSWER,
        },
        says_enough,
    }
}

/// Whether an answer has the run that was asked for.
fn says_enough(operation: &str, answer: &Value) -> bool {
    operation != "StartPipelineExecution" || answer["PipelineExecutionArn"].is_string()
}
