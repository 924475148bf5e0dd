//! Reads any text as a pipeline's definition.

use job_type_kit::contract::{Connection, Direction, Job, Parameter};
use sagemaker_pipeline::definition::parameters;
use sagemaker_pipeline::validate;

/// Reads a definition, and checks a job that has the declared defaults against it.
///
/// # Panics
/// Where the guest's code panics, or finds that a declared parameter is not declared.
pub fn definition(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(declared) = parameters(&text) else {
        return;
    };
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let job = Job {
        external_id: "p".to_owned(),
        attributes: Vec::new(),
        parameters: declared
            .iter()
            .map(|parameter| Parameter {
                name: parameter.name.clone(),
                direction: Direction::Input,
                value: parameter.default_value.clone(),
            })
            .collect(),
    };
    let undeclared = validate::validate(&connection, &job, Some(&declared))
        .into_iter()
        .find(|finding| finding.code == "NotDeclared");
    assert_eq!(undeclared, None, "{text}");
}
