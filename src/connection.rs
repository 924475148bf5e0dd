//! Reads a connection, makes a client of SageMaker for it, and tests it.

use aws_kit::client::Client;
use aws_kit::platform::{self, Endpoints};
use job_type_kit::contract::{
    Attribute, AttributeDefinition, Connection, ConnectionReport, Error, Need,
};
use job_type_kit::{Context, Findings};

use crate::api::ListPipelines;
use crate::constraints;
use crate::service::PLATFORM;

/// The attribute for the `RoleArn` of executions whose job names none.
pub const DEFAULT_ROLE_ARN: &str = "default-execution-role-arn";

/// A connection, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    /// Where requests go.
    pub endpoints: Endpoints,
    /// The role of executions whose job names none.
    pub default_role_arn: Option<String>,
}

/// What can be given for a connection.
pub fn definitions() -> Vec<AttributeDefinition> {
    let default_role = AttributeDefinition::text(
        DEFAULT_ROLE_ARN,
        "Pipeline Execution Role ARN",
        "The IAM role of executions whose job names none. SageMaker takes one only for pipelines \
         that AWS manages, so it is sent only for those: jobs whose External Id is an ARN of the \
         account aws.",
    )
    .with_length(constraints::ROLE_ARN_LENGTH)
    .with_pattern(constraints::ROLE_ARN_PATTERN);
    let mut definitions = vec![default_role];
    definitions.extend(platform::definitions());
    definitions
}

/// Reads a connection, and adds what is wrong with it to `findings`. `None` where the endpoint is not
/// known.
pub fn read(connection: &Connection, findings: &mut Findings) -> Option<ConnectionSettings> {
    let endpoints = PLATFORM.read(connection, findings);
    // What is wrong with it is found already.
    let default_role_arn = default_role_arn(&connection.attributes, &mut Findings::default());
    Some(ConnectionSettings {
        endpoints: endpoints?,
        default_role_arn,
    })
}

/// Checks what a connection has beside where requests go.
pub fn check(attributes: &[Attribute], findings: &mut Findings) {
    default_role_arn(attributes, findings);
    findings.unknown_attributes("connection.", attributes, definitions);
}

fn default_role_arn(attributes: &[Attribute], findings: &mut Findings) -> Option<String> {
    findings.attribute("connection.", attributes, DEFAULT_ROLE_ARN, |arn| {
        constraints::role_arn(arn).map_or_else(|| Ok(arn.to_owned()), Err)
    })
}

/// What a connection needs: the endpoints, and signing for both services.
pub fn needs(connection: &Connection) -> Vec<Need> {
    PLATFORM.needs(connection)
}

/// A client of SageMaker for a connection.
///
/// # Errors
/// `InvalidConnection` with all that is wrong with it.
pub fn client<'a>(context: Context<'a>) -> Result<Client<'a>, Error> {
    PLATFORM.client(context)
}

/// The same, and a client of CloudWatch Logs.
///
/// # Errors
/// As for [`client`].
pub fn clients<'a>(context: Context<'a>) -> Result<(Client<'a>, Client<'a>), Error> {
    PLATFORM.clients(context)
}

/// Lists one pipeline, which needs the endpoint, the credentials, and the permission that every
/// import needs.
///
/// # Errors
/// `InvalidConnection` before any request, or the error of the listing.
pub fn test(context: Context<'_>) -> Result<ConnectionReport, Error> {
    let first = ListPipelines {
        max_results: 1,
        next_token: None,
    };
    PLATFORM.test(context, &first, |page| match page.pipeline_summaries[..] {
        [] => "it has no pipelines yet",
        _ => "its pipelines can be listed",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakeHost, connection};
    use job_type_kit::contract::Attribute;

    #[test]
    fn the_test_is_one_request_for_one_pipeline() {
        let host = FakeHost::answering([(200, r#"{"PipelineSummaries": []}"#)]);
        let report = test(host.on(&connection())).unwrap();
        assert!(report.message.contains("eu-west-1"), "{report:?}");
        assert_eq!(host.bodies(), [r#"{"MaxResults":1}"#]);
    }

    fn needs_of(endpoint: Option<&str>, attributes: &[(&str, &str)]) -> Vec<String> {
        let connection = Connection {
            endpoint: endpoint.map(str::to_owned),
            attributes: attributes
                .iter()
                .map(|(name, value)| Attribute::new(name, *value))
                .collect(),
            ..connection()
        };
        let needs = needs(&connection).into_iter();
        needs.map(|need| need.value).collect()
    }

    #[test]
    fn a_connection_needs_both_endpoints_and_signing_for_both_services() {
        assert_eq!(
            needs_of(None, &[]),
            [
                "https://api.sagemaker.eu-west-1.amazonaws.com",
                "https://logs.eu-west-1.amazonaws.com",
                "sagemaker",
                "logs",
            ]
        );
        let variants = [("fips", "true"), ("dual-stack", "true")];
        assert_eq!(
            needs_of(None, &variants)[..2],
            [
                "https://api.sagemaker-fips.eu-west-1.api.aws",
                "https://logs-fips.eu-west-1.api.aws",
            ]
        );
    }

    #[test]
    fn an_endpoint_that_serves_both_is_needed_once() {
        let emulator = "http://127.0.0.1:4566";
        assert_eq!(
            needs_of(Some(emulator), &[]),
            [emulator, "sagemaker", "logs"]
        );
        let logs = ("logs-endpoint", "http://127.0.0.1:4566/logs");
        assert_eq!(
            needs_of(Some(emulator), &[logs]),
            [emulator, "sagemaker", "logs"]
        );
        let logs = ("logs-endpoint", "http://127.0.0.1:4567");
        assert_eq!(
            needs_of(Some(emulator), &[logs]),
            [emulator, logs.1, "sagemaker", "logs"]
        );
    }

    #[test]
    fn of_a_connection_that_is_wrong_what_can_be_told_is_told() {
        assert_eq!(needs_of(Some("ftp://x"), &[]), ["sagemaker", "logs"]);
    }

    #[test]
    fn a_connection_that_is_wrong_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let wrong = Connection {
            region: "mars".to_owned() + " 1",
            ..connection()
        };
        let error = test(host.on(&wrong)).unwrap_err();
        assert_eq!(error.code, "InvalidConnection");
        assert!(error.message.contains("mars 1"), "{error:?}");
        assert_eq!(host.bodies(), [""; 0]);
    }

    #[test]
    fn a_default_role_that_is_not_a_role_arn_is_named() {
        let host = FakeHost::answering([]);
        let wrong = Connection {
            attributes: vec![Attribute::new(DEFAULT_ROLE_ARN, "role")],
            ..connection()
        };
        let error = test(host.on(&wrong)).unwrap_err();
        let field = "connection.attributes.default-execution-role-arn";
        assert!(error.message.starts_with(field), "{error:?}");
    }
}
