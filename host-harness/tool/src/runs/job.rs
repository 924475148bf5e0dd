//! A job in the ledger: it is written in the contract's JSON form. Ledgers of the formats 1 and 2 have
//! another form, which is read too.

use polysync_host::contract::{Attribute, Direction, Job, Parameter};
use serde::{Deserialize, Deserializer};

/// Reads a job in either form.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Job, D::Error> {
    Ok(match Stored::deserialize(deserializer)? {
        Stored::Job(job) => job,
        Stored::Lists(job) => job.into(),
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Job(Job),
    Lists(JobOfLists),
}

/// The form of the formats 1 and 2.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobOfLists {
    external_id: String,
    attributes: Vec<(String, String)>,
    parameters: Vec<(String, Direction, Option<String>)>,
}

impl From<JobOfLists> for Job {
    fn from(job: JobOfLists) -> Self {
        let attributes = job.attributes.into_iter();
        let parameters = job.parameters.into_iter();
        Self {
            external_id: job.external_id,
            attributes: attributes
                .map(|(name, value)| Attribute { name, value })
                .collect(),
            parameters: parameters
                .map(|(name, direction, value)| Parameter {
                    name,
                    direction,
                    value,
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Job {
        deserialize(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn a_job_of_the_earlier_formats_is_the_job_of_the_contracts_form() {
        let earlier = r#"{ "externalId": "churn", "attributes": [["z", "1"], ["a", "2"]],
            "parameters": [["i", "input", null], ["o", "output", null],
                           ["io", "input-output", "0.10"]] }"#;
        let now = r#"{ "externalId": "churn", "attributes": { "z": "1", "a": "2" },
            "parameters": [ { "name": "i", "direction": "input", "value": null },
                            { "name": "o", "direction": "output", "value": null },
                            { "name": "io", "direction": "input-output", "value": "0.10" } ] }"#;
        assert_eq!(read(earlier), read(now));
        assert_eq!(read(now).attributes[1].name, "a");
        assert_eq!(read(now).parameters[2].direction, Direction::InputOutput);
        assert_eq!(read(now).parameters[2].value.as_deref(), Some("0.10"));
    }

    #[test]
    fn a_job_without_attributes_and_parameters_is_read_in_both_forms() {
        let earlier = r#"{ "externalId": "churn", "attributes": [], "parameters": [] }"#;
        let now = r#"{ "externalId": "churn", "attributes": {}, "parameters": [] }"#;
        assert_eq!(read(earlier), read(now));
        assert!(read(now).attributes.is_empty());
    }
}
