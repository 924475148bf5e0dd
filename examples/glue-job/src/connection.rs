//! Reads a connection, makes clients for it, and tests it.

use aws_kit::client::Client;
use aws_kit::platform::{self, Endpoints};
use job_type_kit::contract::{AttributeDefinition, Connection, ConnectionReport, Error};
use job_type_kit::{Findings, Host};

use crate::api::GetJobs;
use crate::service::PLATFORM;
use crate::settings::{self, RunSettings};

/// What can be given for a connection.
pub fn definitions() -> Vec<AttributeDefinition> {
    let mut definitions = settings::connection_definitions();
    definitions.extend(platform::definitions());
    definitions
}

/// Reads a connection and the settings of runs whose job has none, and adds what is wrong with it to
/// `findings`.
pub fn read(connection: &Connection, findings: &mut Findings) -> (Option<Endpoints>, RunSettings) {
    let endpoints = PLATFORM.read(connection, findings);
    let defaults = RunSettings::of_connection(&connection.attributes, findings);
    findings.unknown_attributes("connection.", &connection.attributes, definitions);
    (endpoints, defaults)
}

fn endpoints(connection: &Connection) -> Result<Endpoints, Error> {
    let mut findings = Findings::default();
    let (endpoints, _) = read(connection, &mut findings);
    PLATFORM.finish(findings, endpoints)
}

/// A client of Glue.
///
/// # Errors
/// `InvalidConnection` with all that is wrong with it.
pub fn client<'a>(host: &'a dyn Host, connection: &Connection) -> Result<Client<'a>, Error> {
    Ok(PLATFORM.client(host, endpoints(connection)?))
}

/// The same, and a client of CloudWatch Logs.
///
/// # Errors
/// As for [`client`].
pub fn clients<'a>(
    host: &'a dyn Host,
    connection: &Connection,
) -> Result<(Client<'a>, Client<'a>), Error> {
    Ok(PLATFORM.clients(host, endpoints(connection)?))
}

/// Lists one job, which needs the endpoint, the credentials, and the permission that every import needs.
///
/// # Errors
/// `InvalidConnection` before any request, or the error of the listing.
pub fn test(host: &dyn Host, connection: &Connection) -> Result<ConnectionReport, Error> {
    let client = client(host, connection)?;
    let request = GetJobs {
        max_results: 1,
        next_token: None,
    };
    let page = client
        .call(&request)
        .map_err(|error| client.contract_error::<GetJobs>(error))?;
    let found = if page.jobs.is_empty() {
        "it has no jobs yet"
    } else {
        "its jobs can be listed"
    };
    Ok(PLATFORM.report(&client, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{connection, refusal};
    use job_type_kit::testing::FakeHost;

    #[test]
    fn a_connection_needs_glue_and_cloudwatch_logs_in_its_region_and_nothing_else() {
        let needs = PLATFORM.needs(&connection(&[]));
        let needs: Vec<_> = needs.iter().map(|need| need.value.as_str()).collect();
        assert_eq!(
            needs,
            [
                "https://glue.eu-west-1.amazonaws.com",
                "https://logs.eu-west-1.amazonaws.com",
                "glue",
                "logs",
            ]
        );
    }

    #[test]
    fn the_endpoint_follows_glues_rules_in_every_partition() {
        for (region, attributes, url) in [
            (
                "eu-west-1",
                &[][..],
                "https://glue.eu-west-1.amazonaws.com/",
            ),
            (
                "us-gov-west-1",
                &[("fips", "true")],
                "https://glue-fips.us-gov-west-1.amazonaws.com/",
            ),
            (
                "us-east-1",
                &[("fips", "true"), ("dual-stack", "true")],
                "https://glue-fips.us-east-1.api.aws/",
            ),
            (
                "cn-north-1",
                &[],
                "https://glue.cn-north-1.amazonaws.com.cn/",
            ),
        ] {
            let mut connection = connection(attributes);
            connection.region = region.to_owned();
            let endpoints = endpoints(&connection).unwrap();
            assert_eq!(endpoints.main.endpoint.url, url);
        }
    }

    #[test]
    fn the_test_of_a_connection_lists_one_job() {
        let host = FakeHost::answering([(200, r#"{"Jobs": [{"Name": "sales"}]}"#)]);
        let report = test(&host, &connection(&[])).unwrap();
        assert!(report.message.contains("its jobs can be listed"));
        assert_eq!(host.bodies(), [r#"{"MaxResults":1}"#]);
        let host = FakeHost::with_answers([refusal("AccessDeniedException")]);
        let error = test(&host, &connection(&[])).unwrap_err();
        assert!(error.hint.contains("glue:GetJobs"), "{}", error.hint);
    }
}
