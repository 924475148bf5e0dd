//! What a step ran. SageMaker tells it as an object with one member, named for the kind of step;
//! new kinds come with each release, so that all kinds are read alike.

use crate::aws::json::Object;
use serde_json::value::RawValue;

/// What a step ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The member's name, for example `TrainingJob`; empty for a step that didn't run yet.
    pub kind: String,
    /// The members of all kinds that are of use to whoever follows a run.
    pub facts: Facts,
}

/// The members of all kinds together (API model: `PipelineExecutionStepMetadata`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are those of the API's model")]
pub struct Facts {
    pub arn: Option<String>,
    pub check_job_arn: Option<String>,
    pub error_message: Option<String>,
    pub outcome: Option<String>,
    pub violation_report: Option<String>,
    pub callback_token: Option<String>,
    pub sqs_queue_url: Option<String>,
    pub cluster_id: Option<String>,
    pub step_id: Option<String>,
    pub application_id: Option<String>,
    pub job_run_id: Option<String>,
    pub log_file_path: Option<String>,
    pub query_execution_id: Option<String>,
}

impl Facts {
    fn read(facts: &Object<'_>) -> Self {
        let text = |member| facts.text(member).ok().flatten();
        Self {
            arn: text("Arn"),
            check_job_arn: text("CheckJobArn"),
            error_message: text("ErrorMessage"),
            outcome: text("Outcome"),
            violation_report: text("ViolationReport"),
            callback_token: text("CallbackToken"),
            sqs_queue_url: text("SqsQueueUrl"),
            cluster_id: text("ClusterId"),
            step_id: text("StepId"),
            application_id: text("ApplicationId"),
            job_run_id: text("JobRunId"),
            log_file_path: text("LogFilePath"),
            query_execution_id: text("QueryExecutionId"),
        }
    }

    /// The ARN of the job, model, function… that the step made or called.
    pub fn resource_arn(&self) -> Option<&str> {
        self.arn
            .as_deref()
            .or(self.check_job_arn.as_deref())
            .filter(|arn| !arn.is_empty())
    }
}

impl Metadata {
    /// Whatever comes is taken: a shape that isn't understood must not cost the step's status.
    pub fn read(metadata: Option<&RawValue>) -> Self {
        let Some(Ok(metadata)) = metadata.map(|raw| Object::parse(raw.get())) else {
            return Self::default();
        };
        let used = metadata.members().find(|(_, value)| value.get() != "null");
        used.map_or_else(Self::default, |(kind, facts)| Self {
            kind: kind.to_owned(),
            facts: Object::parse(facts.get())
                .map(|facts| Facts::read(&facts))
                .unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Metadata {
        Metadata::read(Some(serde_json::from_str(json).unwrap()))
    }

    #[test]
    fn the_member_names_the_kind() {
        let metadata = read(r#"{"TrainingJob": {"Arn": "arn:x"}}"#);
        assert_eq!(metadata.kind, "TrainingJob");
        assert_eq!(metadata.facts.resource_arn(), Some("arn:x"));
    }

    #[test]
    fn a_check_names_its_job_otherwise() {
        let metadata = read(
            r#"{"Lambda": null, "QualityCheck": {"CheckJobArn": "arn:x", "SkipCheck": false}}"#,
        );
        assert_eq!(metadata.kind, "QualityCheck");
        assert_eq!(metadata.facts.resource_arn(), Some("arn:x"));
    }

    #[test]
    fn a_kind_of_tomorrow_is_read_too() {
        let metadata = read(r#"{"QuantumJob": {"Arn": "arn:q", "Qubits": [1]}}"#);
        assert_eq!(
            (metadata.kind.as_str(), metadata.facts.resource_arn()),
            ("QuantumJob", Some("arn:q"))
        );
    }

    #[test]
    fn a_shape_that_is_not_understood_costs_nothing_else() {
        for json in ["null", "{}", "[]", "3", r#"{"TrainingJob": null}"#] {
            assert_eq!(read(json), Metadata::default(), "{json}");
        }
        assert_eq!(read(r#"{"Fail": {"ErrorMessage": 3}}"#).kind, "Fail");
    }
}
