//! Connections, jobs, runs and answers for tests.

use aws_kit::error::{CallError, ServiceError};
use job_type_kit::Guid;
use job_type_kit::contract::http::{Error as HttpError, ErrorKind};
use job_type_kit::contract::{Attribute, Connection, Direction, Job, Parameter, Run};
use job_type_kit::testing::{Answer, response};

pub(crate) fn connection(attributes: &[(&str, &str)]) -> Connection {
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: list(attributes),
    }
}

pub(crate) fn list(attributes: &[(&str, &str)]) -> Vec<Attribute> {
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| Attribute::new(name, *value))
        .collect()
}

/// A job `sales` with these attributes and inputs.
pub(crate) fn job(attributes: &[(&str, &str)], inputs: &[(&str, &str)]) -> Job {
    let inputs = inputs.iter();
    Job {
        external_id: "sales".to_owned(),
        attributes: list(attributes),
        parameters: inputs
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

/// A run that is known by its id alone.
pub(crate) fn run(run_id: &str) -> Run {
    Run {
        external_id: None,
        run_id: run_id.to_owned(),
    }
}

pub(crate) fn refused(code: &str) -> CallError {
    CallError::Service(ServiceError {
        code: code.to_owned(),
        message: "why".to_owned(),
        status: 400,
        request_id: None,
        retry_after_milliseconds: None,
        date: None,
    })
}

pub(crate) fn ok(body: &str) -> Answer {
    Ok(response(200, &[], body))
}

pub(crate) fn refusal(code: &str) -> Answer {
    let body = format!(r#"{{"__type": "{code}", "Message": "why"}}"#);
    Ok(response(400, &[], &body))
}

pub(crate) fn lost(kind: ErrorKind) -> Answer {
    Err(HttpError {
        kind,
        message: "no answer".to_owned(),
    })
}

pub(crate) fn guid() -> Guid {
    Guid::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()
}
