//! The `Metadata` of a step in an execution: what the step created, by its type.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::api::status::StepStatus;
use crate::arn::{Account, identifier, job_name, tuning_job_name};
use crate::execution::action::{Action, CheckAction, Output, Resource};
use crate::execution::plan::Plan;
use crate::execution::timeline::StepSnapshot;

/// An object with one member, which the step's type names.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct StepMetadata(BTreeMap<&'static str, Value>);

/// An attempt to execute a step.
pub(super) struct StepRun<'a> {
    pub(super) account: &'a Account,
    pub(super) execution_id: &'a str,
    pub(super) step: &'a str,
    pub(super) attempt: u32,
    pub(super) status: StepStatus,
    /// Of a ForEach step.
    pub(super) iterations: Iterations,
}

/// How many iterations of a ForEach step there are, by their status.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Iterations {
    pub(super) all: usize,
    pub(super) succeeded: usize,
    pub(super) failed: usize,
    pub(super) stopped: usize,
}

impl Iterations {
    /// Counts the iterations of the step at this position, as they are now.
    pub(super) fn count(plan: &Plan, position: usize, steps: &[StepSnapshot]) -> Self {
        let iterations: Vec<usize> = plan.iterations(position).collect();
        let in_status = |status| {
            let steps = steps.iter();
            steps
                .filter(|step| iterations.contains(&step.position) && step.status == status)
                .count()
        };
        Self {
            all: iterations.len(),
            succeeded: in_status(StepStatus::Succeeded),
            failed: in_status(StepStatus::Failed),
            stopped: in_status(StepStatus::Stopped),
        }
    }
}

impl StepMetadata {
    /// `None` for types that the emulator doesn't know.
    pub(super) fn new(action: &Action, run: &StepRun<'_>) -> Option<Self> {
        let succeeded = run.status == StepStatus::Succeeded;
        let (kind, content) = match action {
            Action::Processing => ("ProcessingJob", run.job("processing-job")),
            Action::Training => ("TrainingJob", run.job("training-job")),
            Action::Transform => ("TransformJob", run.job("transform-job")),
            Action::Tuning => ("TuningJob", run.tuning_job()),
            Action::Model => ("Model", run.job("model")),
            Action::RegisterModel { group } => {
                let resource = format!("model-package/{}/1", group.to_lowercase());
                (
                    "RegisterModel",
                    json!({ "Arn": run.account.sagemaker_arn(&resource) }),
                )
            }
            Action::Lambda {
                function_arn,
                outputs,
            } => {
                let outputs = output_parameters(outputs, succeeded);
                (
                    "Lambda",
                    json!({ "Arn": function_arn, "OutputParameters": outputs }),
                )
            }
            Action::Callback { queue_url, outputs } => {
                let content = json!({
                    "CallbackToken": identifier(&run.seed(), 10),
                    "SqsQueueUrl": queue_url,
                    "OutputParameters": output_parameters(outputs, succeeded),
                });
                ("Callback", content)
            }
            Action::Condition { outcome } if succeeded => {
                let outcome = if *outcome { "True" } else { "False" };
                ("Condition", json!({ "Outcome": outcome }))
            }
            Action::Condition { .. } => ("Condition", json!({})),
            Action::Fail { message } => ("Fail", json!({ "ErrorMessage": message })),
            Action::QualityCheck(check) => ("QualityCheck", run.check(check)),
            Action::ClarifyCheck(check) => ("ClarifyCheck", run.check(check)),
            Action::Emr { cluster_id } => {
                let content = json!({
                    "ClusterId": cluster_id,
                    "StepId": format!("s-{}", identifier(&run.seed(), 13).to_uppercase()),
                    "StepName": run.step,
                });
                ("EMR", content)
            }
            Action::EmrServerless { application_id } => {
                let content = json!({
                    "ApplicationId": application_id,
                    "JobRunId": identifier(&run.seed(), 16),
                    "JobRunName": run.step,
                    "LogFilePath": format!("s3://emulated-logs/applications/{application_id}/"),
                });
                ("EMRServerless", content)
            }
            Action::Resource(resource) => (resource.kind, run.resource(*resource)),
            Action::ForEach { item_count, .. } => ("ForEach", run.for_each(*item_count)),
            Action::Other => return None,
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
        self.account.sagemaker_arn(&format!("{kind}/{name}"))
    }

    fn job(&self, kind: &str) -> Value {
        json!({ "Arn": self.job_arn(kind) })
    }

    fn tuning_job(&self) -> Value {
        let name = tuning_job_name(self.execution_id, self.step, self.attempt);
        let resource = format!("hyper-parameter-tuning-job/{name}");
        json!({ "Arn": self.account.sagemaker_arn(&resource) })
    }

    fn resource(&self, resource: Resource) -> Value {
        let name = job_name(self.execution_id, self.step, self.attempt);
        let resource_name = format!("{}/{name}", resource.resource_type);
        json!({ "Arn": self.account.arn(resource.service, &resource_name) })
    }

    fn for_each(&self, item_count: Option<usize>) -> Value {
        let iterations = self.iterations;
        let mut content = json!({
            "InputItemCount": item_count,
            "TotalStepCount": iterations.all,
            "SucceededStepCount": iterations.succeeded,
            "FailedStepCount": iterations.failed,
            "StoppedStepCount": iterations.stopped,
        });
        let over = [
            (StepStatus::Succeeded, "Succeeded"),
            (StepStatus::Failed, "Failed"),
            (StepStatus::Stopped, "Stopped"),
        ];
        if let Some((_, status)) = over.into_iter().find(|(over, _)| *over == self.status) {
            content["Status"] = json!(status);
        }
        content
    }

    fn check(&self, check: &CheckAction) -> Value {
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
