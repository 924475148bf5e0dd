//! What a step ran. SageMaker writes it as an object with one member, named for the kind of step.
//! Releases of SageMaker add kinds, so all kinds are read alike.

use std::collections::BTreeMap;

use aws_kit::json;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// What a step ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The member's name, for example `TrainingJob`; empty for a step that did not run yet.
    pub kind: String,
    /// The members of all kinds that are of use to whoever follows a run.
    pub facts: Facts,
}

/// The members of all kinds together (API model: `PipelineExecutionStepMetadata`).
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(default, rename_all = "PascalCase")]
#[expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]
pub struct Facts {
    #[serde(deserialize_with = "json::lenient")]
    pub arn: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub check_job_arn: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub error_message: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub outcome: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub violation_report: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub callback_token: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub sqs_queue_url: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub cluster_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub step_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub application_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub job_run_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub log_file_path: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
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

/// Never fails: a shape that is not known must not make the step's status unreadable.
impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kinds: Option<BTreeMap<String, Option<&RawValue>>> = json::lenient(deserializer)?;
        let used = kinds
            .unwrap_or_default()
            .into_iter()
            .find_map(|(kind, facts)| Some((kind, facts?)));
        Ok(used.map_or_else(Self::default, |(kind, facts)| Self {
            kind,
            facts: json::object(facts).unwrap_or_default(),
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
    fn a_check_names_its_job_in_another_member() {
        let metadata = read(
            r#"{"Lambda": null, "QualityCheck": {"CheckJobArn": "arn:x", "SkipCheck": false}}"#,
        );
        assert_eq!(metadata.kind, "QualityCheck");
        assert_eq!(metadata.facts.resource_arn(), Some("arn:x"));
    }

    #[test]
    fn a_kind_of_a_later_release_is_read_too() {
        let metadata = read(r#"{"QuantumJob": {"Arn": "arn:q", "Qubits": [1]}}"#);
        assert_eq!(
            (metadata.kind.as_str(), metadata.facts.resource_arn()),
            ("QuantumJob", Some("arn:q"))
        );
    }

    #[test]
    fn metadata_of_an_unknown_shape_reads_as_absent() {
        for json in ["null", "{}", "[]", "3", r#"{"TrainingJob": null}"#] {
            assert_eq!(read(json), Metadata::default(), "{json}");
        }
        assert_eq!(read(r#"{"Fail": {"ErrorMessage": 3}}"#).kind, "Fail");
        assert_eq!(read(r#"{"Fail": ["arn:x"]}"#).facts, Facts::default());
    }
}
