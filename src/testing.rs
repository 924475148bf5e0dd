//! Jobs, runs and connections for tests.

use job_type_kit::contract::{
    Attribute, Connection, DeclaredParameter, Direction, Job, Parameter, Run,
};
pub(crate) use job_type_kit::testing::{FakeHost, response};
use job_type_kit::{DataType, Findings, Guid};

pub(crate) const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
pub(crate) const EXECUTION_ARN: &str =
    "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc";

pub(crate) fn guid() -> Guid {
    Guid::parse(GUID).unwrap()
}

pub(crate) fn connection() -> Connection {
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    }
}

pub(crate) fn run() -> Run {
    Run {
        external_id: Some("p".to_owned()),
        run_id: EXECUTION_ARN.to_owned(),
    }
}

pub(crate) fn job(external_id: &str, parameters: Vec<Parameter>) -> Job {
    Job {
        external_id: external_id.to_owned(),
        attributes: Vec::new(),
        parameters,
    }
}

pub(crate) fn input(name: &str, value: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        direction: Direction::Input,
        value: Some(value.to_owned()),
    }
}

pub(crate) fn declared(name: &str, data_type: DataType) -> DeclaredParameter {
    DeclaredParameter {
        name: name.to_owned(),
        data_type: data_type.to_string(),
        required: false,
        default_value: Some(String::new()),
        allowed_values: Vec::new(),
        description: None,
    }
}

/// The fields that are wrong in these attributes, as `read` finds them.
pub(crate) fn wrong_fields(
    attributes: &[(&str, &str)],
    read: impl FnOnce(&[Attribute], &mut Findings),
) -> Vec<String> {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(key, value)| Attribute::new(key, *value))
        .collect();
    let mut findings = Findings::default();
    read(&attributes, &mut findings);
    let found = findings.into_sorted().into_iter();
    found.map(|finding| finding.field).collect()
}
