//! `Metadata` of an execution's step: what the step made, by its type.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::arn::{Place, identifier, job_name, tuning_job_name};
use crate::plan::{CheckDuty, Duty, Output};
use crate::status::StepStatus;

/// One member, named by the step's type.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct StepMetadata(BTreeMap<&'static str, Value>);

/// Which run of which step metadata is about.
pub(crate) struct StepRun<'a> {
    pub(crate) place: &'a Place,
    pub(crate) execution_id: &'a str,
    pub(crate) step: &'a str,
    pub(crate) attempt: u32,
    pub(crate) status: StepStatus,
}

impl StepMetadata {
    /// `None` for types that the emulator doesn't know.
    pub(crate) fn of(duty: &Duty, run: &StepRun<'_>) -> Option<Self> {
        let succeeded = run.status == StepStatus::Succeeded;
        let (kind, content) = match duty {
            Duty::Processing => ("ProcessingJob", run.job("processing-job")),
            Duty::Training => ("TrainingJob", run.job("training-job")),
            Duty::Transform => ("TransformJob", run.job("transform-job")),
            Duty::Tuning => ("TuningJob", run.tuning_job()),
            Duty::Model => ("Model", run.job("model")),
            Duty::RegisterModel { group } => {
                let resource = format!("model-package/{}/1", group.to_lowercase());
                (
                    "RegisterModel",
                    json!({ "Arn": run.place.sagemaker(&resource) }),
                )
            }
            Duty::Lambda {
                function_arn,
                outputs,
            } => {
                let outputs = output_parameters(outputs, succeeded);
                (
                    "Lambda",
                    json!({ "Arn": function_arn, "OutputParameters": outputs }),
                )
            }
            Duty::Callback { queue_url, outputs } => {
                let content = json!({
                    "CallbackToken": identifier(&run.seed(), 10),
                    "SqsQueueUrl": queue_url,
                    "OutputParameters": output_parameters(outputs, succeeded),
                });
                ("Callback", content)
            }
            Duty::Condition { outcome } if succeeded => {
                let outcome = if *outcome { "True" } else { "False" };
                ("Condition", json!({ "Outcome": outcome }))
            }
            Duty::Condition { .. } => ("Condition", json!({})),
            Duty::Fail { message } => ("Fail", json!({ "ErrorMessage": message })),
            Duty::QualityCheck(check) => ("QualityCheck", run.check(check)),
            Duty::ClarifyCheck(check) => ("ClarifyCheck", run.check(check)),
            Duty::Emr { cluster_id } => {
                let content = json!({
                    "ClusterId": cluster_id,
                    "StepId": format!("s-{}", identifier(&run.seed(), 13).to_uppercase()),
                    "StepName": run.step,
                });
                ("EMR", content)
            }
            Duty::Other => return None,
        };
        Some(Self(BTreeMap::from([(kind, content)])))
    }
}

impl StepRun<'_> {
    fn seed(&self) -> String {
        format!("{}/{}/{}", self.execution_id, self.step, self.attempt)
    }

    fn job_arn(&self, kind: &str) -> String {
        let name = job_name(self.execution_id, self.step, self.attempt);
        self.place.sagemaker(&format!("{kind}/{name}"))
    }

    fn job(&self, kind: &str) -> Value {
        json!({ "Arn": self.job_arn(kind) })
    }

    fn tuning_job(&self) -> Value {
        let name = tuning_job_name(self.execution_id, self.step, self.attempt);
        let resource = format!("hyper-parameter-tuning-job/{name}");
        json!({ "Arn": self.place.sagemaker(&resource) })
    }

    fn check(&self, check: &CheckDuty) -> Value {
        let mut content = json!({
            "CheckJobArn": self.job_arn("processing-job"),
            "SkipCheck": check.skip,
            "RegisterNewBaseline": check.new_baseline,
        });
        if let Some(check_type) = &check.check_type {
            content["CheckType"] = json!(check_type);
        }
        if let Some(group) = &check.group {
            content["ModelPackageGroupName"] = json!(group);
        }
        content
    }
}

fn output_parameters(outputs: &[Output], succeeded: bool) -> Vec<Value> {
    outputs
        .iter()
        .filter(|_| succeeded)
        .map(|output| json!({ "Name": output.name, "Value": output.value }))
        .collect()
}
