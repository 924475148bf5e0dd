//! Records of the contract, for tests to pass to calls.

use super::stage::REGION;
use polysync_host::contract::{Attribute, Direction, Job, Parameter, Run, RunState, Step};

/// A job without attributes.
pub(crate) fn job(external_id: &str, parameters: &[(&str, &str)]) -> Job {
    Job {
        external_id: external_id.to_owned(),
        attributes: Vec::new(),
        parameters: parameters
            .iter()
            .map(|(name, value)| parameter(name, Direction::Input, Some(value)))
            .collect(),
    }
}

pub(crate) fn parameter(name: &str, direction: Direction, value: Option<&str>) -> Parameter {
    Parameter {
        name: name.to_owned(),
        direction,
        value: value.map(str::to_owned),
    }
}

pub(crate) fn attribute(name: &str, value: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// A run that doesn't exist.
pub(crate) fn unknown_run() -> Run {
    Run {
        external_id: Some("one-step".to_owned()),
        run_id: format!(
            "arn:aws:sagemaker:{REGION}:123456789012:pipeline/one-step/execution/nosuchrun000"
        ),
    }
}

pub(crate) fn names_in_state(steps: &[Step], state: RunState) -> Vec<&str> {
    steps
        .iter()
        .filter(|step| step.state == state)
        .map(|step| step.name.as_str())
        .collect()
}
