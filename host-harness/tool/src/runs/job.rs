//! A job as the ledger has it: the contract's types have no serialized form of their own.

use polysync_host::contract::{Attribute, Direction, Job, Parameter};
use serde::{Deserialize, Serialize};

/// A job, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobRecord {
    pub(crate) external_id: String,
    attributes: Vec<(String, String)>,
    parameters: Vec<(String, DirectionRecord, Option<String>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum DirectionRecord {
    Input,
    Output,
    InputOutput,
}

impl From<&Job> for JobRecord {
    fn from(job: &Job) -> Self {
        let direction = |direction| match direction {
            Direction::Input => DirectionRecord::Input,
            Direction::Output => DirectionRecord::Output,
            Direction::InputOutput => DirectionRecord::InputOutput,
        };
        let attributes = job.attributes.iter();
        let parameters = job.parameters.iter();
        Self {
            external_id: job.external_id.clone(),
            attributes: attributes
                .map(|a| (a.name.clone(), a.value.clone()))
                .collect(),
            parameters: parameters
                .map(|p| (p.name.clone(), direction(p.direction), p.value.clone()))
                .collect(),
        }
    }
}

impl From<&JobRecord> for Job {
    fn from(job: &JobRecord) -> Self {
        let attribute = |(name, value): &(String, String)| Attribute {
            name: name.clone(),
            value: value.clone(),
        };
        let parameter = |(name, direction, value): &(String, DirectionRecord, _)| Parameter {
            name: name.clone(),
            direction: match direction {
                DirectionRecord::Input => Direction::Input,
                DirectionRecord::Output => Direction::Output,
                DirectionRecord::InputOutput => Direction::InputOutput,
            },
            value: Option::clone(value),
        };
        Self {
            external_id: job.external_id.clone(),
            attributes: job.attributes.iter().map(attribute).collect(),
            parameters: job.parameters.iter().map(parameter).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_comes_back_from_its_record_as_it_was() {
        let parameter = |name: &str, direction, value: Option<&str>| Parameter {
            name: name.into(),
            direction,
            value: value.map(str::to_owned),
        };
        let job = Job {
            external_id: "churn".into(),
            attributes: vec![Attribute {
                name: "a".into(),
                value: "1".into(),
            }],
            parameters: vec![
                parameter("i", Direction::Input, None),
                parameter("o", Direction::Output, None),
                parameter("io", Direction::InputOutput, Some("0.10")),
            ],
        };
        assert_eq!(Job::from(&JobRecord::from(&job)), job);
    }
}
