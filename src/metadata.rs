//! What a step ran. SageMaker writes it as an object with one member, named for the kind of step.
//! Releases of SageMaker add kinds, so all kinds are read alike.

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
    /// All members that have a value.
    pub members: Vec<Attribute>,
}

/// The members that name what a step made or called (API model: `PipelineExecutionStepMetadata`): an
/// ARN where there is one, else the id of the Athena query, the EMR Serverless job run, or the EMR step.
const RESOURCES: [&str; 6] = [
    "arn",
    "check-job-arn",
    "hub-content-arn",
    "query-execution-id",
    "job-run-id",
    "step-id",
];

/// How many bytes the id of a resource has at the most (API model: `EndpointArn`). A longer text is not
/// an id.
const LONGEST_ID: usize = 2_048;

impl Metadata {
    /// The value of a member, by its name in kebab case.
    pub fn member(&self, name: &str) -> Option<&str> {
        Attribute::find(&self.members, name)
    }

    /// The id in a member.
    pub fn id(&self, name: &str) -> Option<&str> {
        self.member(name).filter(|id| id.len() <= LONGEST_ID)
    }

    /// The id of what the step made or called.
    pub fn resource_id(&self) -> Option<&str> {
        RESOURCES.iter().find_map(|name| self.id(name))
    }
}

/// Never fails: a shape that is not known must not make the step's status unreadable.
impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kinds = Option::<&RawValue>::deserialize(deserializer)?.and_then(json::members);
        let used = kinds
            .unwrap_or_default()
            .into_iter()
            .find(|(_, content)| content.get() != "null");
        Ok(used.map_or_else(Self::default, |(kind, content)| Self {
            kind: kind.as_str().to_owned(),
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
        assert_eq!(metadata.resource_id(), Some("arn:x"));
    }

    #[test]
    fn a_check_names_its_job_in_another_member() {
        let metadata = read(
            r#"{"Lambda": null, "QualityCheck": {"CheckJobArn": "arn:x", "SkipCheck": false}}"#,
        );
        assert_eq!(metadata.kind, "QualityCheck");
        assert_eq!(metadata.resource_id(), Some("arn:x"));
    }

    #[test]
    fn a_kind_of_a_later_release_is_read_too() {
        let metadata = read(r#"{"QuantumJob": {"Arn": "arn:q", "Qubits": [1]}}"#);
        assert_eq!(
            (metadata.kind.as_str(), metadata.resource_id()),
            ("QuantumJob", Some("arn:q"))
        );
    }

    #[test]
    fn metadata_of_an_unknown_shape_reads_as_absent() {
        for json in ["null", "{}", "[]", "3", r#"{"TrainingJob": null}"#] {
            let metadata = read(json);
            assert_eq!(metadata.kind, "", "{json}");
            assert_eq!(metadata.members, [], "{json}");
        }
        assert_eq!(read(r#"{"Fail": {"ErrorMessage": 3}}"#).kind, "Fail");
        assert_eq!(read(r#"{"Fail": ["arn:x"]}"#).members, []);
    }
}
