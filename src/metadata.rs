//! What a step ran. SageMaker writes it as an object with one member, named for the kind of step.
//! Releases of SageMaker add kinds, so all kinds are read alike.

use std::collections::BTreeMap;

use aws_kit::json;
use job_type_kit::contract::Attribute;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::metadata_members;

/// What a step ran.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// The member's name, for example `TrainingJob`; empty for a step that did not run yet.
    pub kind: String,
    /// The members that decide about something.
    pub facts: Facts,
    /// All members that have a value, for display.
    pub members: Vec<Attribute>,
}

/// The members of all kinds that decide what the step's resource, reason and links are (API model:
/// `PipelineExecutionStepMetadata`).
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
    pub hub_content_arn: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub query_execution_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub job_run_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub cluster_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub step_id: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub error_message: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub violation_report: Option<String>,
    #[serde(deserialize_with = "json::lenient")]
    pub total_step_count: Option<u64>,
    #[serde(deserialize_with = "json::lenient")]
    pub failed_step_count: Option<u64>,
    #[serde(deserialize_with = "json::lenient")]
    pub stopped_step_count: Option<u64>,
}

impl Facts {
    /// The id of what the step made or called: an ARN where there is one, else the id of the Athena
    /// query, the EMR Serverless job run, or the EMR step.
    pub fn resource_id(&self) -> Option<&str> {
        [
            &self.arn,
            &self.check_job_arn,
            &self.hub_content_arn,
            &self.query_execution_id,
            &self.job_run_id,
            &self.step_id,
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .find(|id| !id.is_empty())
    }
}

/// Never fails: a shape that is not known must not make the step's status unreadable.
impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kinds: Option<BTreeMap<String, Option<&RawValue>>> = json::lenient(deserializer)?;
        let used = kinds
            .unwrap_or_default()
            .into_iter()
            .find_map(|(kind, content)| Some((kind, content?)));
        Ok(used.map_or_else(Self::default, |(kind, content)| Self {
            kind,
            facts: json::object(content).unwrap_or_default(),
            members: metadata_members::read(content),
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
        assert_eq!(metadata.facts.resource_id(), Some("arn:x"));
    }

    #[test]
    fn a_check_names_its_job_in_another_member() {
        let metadata = read(
            r#"{"Lambda": null, "QualityCheck": {"CheckJobArn": "arn:x", "SkipCheck": false}}"#,
        );
        assert_eq!(metadata.kind, "QualityCheck");
        assert_eq!(metadata.facts.resource_id(), Some("arn:x"));
    }

    #[test]
    fn a_kind_of_a_later_release_is_read_too() {
        let metadata = read(r#"{"QuantumJob": {"Arn": "arn:q", "Qubits": [1]}}"#);
        assert_eq!(
            (metadata.kind.as_str(), metadata.facts.resource_id()),
            ("QuantumJob", Some("arn:q"))
        );
    }

    #[test]
    fn metadata_of_an_unknown_shape_reads_as_absent() {
        for json in ["null", "{}", "[]", "3", r#"{"TrainingJob": null}"#] {
            let metadata = read(json);
            assert_eq!(
                (metadata.kind.as_str(), metadata.facts),
                ("", Facts::default()),
                "{json}"
            );
            assert_eq!(metadata.members, [], "{json}");
        }
        assert_eq!(read(r#"{"Fail": {"ErrorMessage": 3}}"#).kind, "Fail");
        assert_eq!(read(r#"{"Fail": ["arn:x"]}"#).facts, Facts::default());
    }
}
