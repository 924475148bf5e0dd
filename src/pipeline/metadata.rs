//! What a step ran. SageMaker tells it as an object with one member, named for the kind of step;
//! new kinds come with each release, so that all kinds are read alike.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What a step ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The member's name, for example `TrainingJob`; empty for a step that didn't run yet.
    pub kind: String,
    /// The members of all kinds that are of use to whoever follows a run.
    pub facts: Facts,
}

/// The members of all kinds together (API model: `PipelineExecutionStepMetadata`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
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
    /// The ARN of the job, model, function… that the step made or called.
    pub fn resource_arn(&self) -> Option<&str> {
        self.arn
            .as_deref()
            .or(self.check_job_arn.as_deref())
            .filter(|arn| !arn.is_empty())
    }
}

impl<'de> Deserialize<'de> for Metadata {
    /// Whatever comes is taken: a shape that isn't understood must not cost the step's status.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <Box<RawValue>>::deserialize(deserializer)?;
        let members: BTreeMap<String, Option<Box<RawValue>>> =
            serde_json::from_str(raw.get()).unwrap_or_default();
        let used = members
            .into_iter()
            .find_map(|(kind, member)| member.map(|facts| (kind, facts)));
        Ok(used.map_or_else(Self::default, |(kind, facts)| Self {
            facts: serde_json::from_str(facts.get()).unwrap_or_default(),
            kind,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Metadata {
        serde_json::from_str(json).unwrap()
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
