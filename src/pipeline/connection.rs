//! From a connection to a client of SageMaker, and whether the connection is any good.

use super::api::{ListPipelines, SAGEMAKER};
use super::attributes::{self, ConnectionSettings, Findings};
use super::failure;
use crate::aws::client::Client;
use crate::aws::partition::Partition;
use crate::error::Error;
use crate::host::Host;
use crate::job::{Attribute, Connection, ConnectionReport, Severity};

/// A client of SageMaker for a connection.
pub fn client<'a>(host: &'a dyn Host, connection: &Connection) -> Result<Client<'a>, Error> {
    let mut findings = Findings::default();
    match attributes::connection_settings(connection, &mut findings) {
        Some(settings) => Ok(client_for(host, settings)),
        None => {
            findings.0.retain(|f| f.severity == Severity::Error);
            Err(failure::invalid_connection(&findings.0))
        }
    }
}

/// A client of SageMaker.
pub fn client_for(host: &dyn Host, settings: ConnectionSettings) -> Client<'_> {
    Client::new(host, SAGEMAKER, settings.region, settings.endpoint)
}

/// Lists one pipeline: that takes the endpoint, the credentials, and the one permission that every
/// import needs.
pub fn test(host: &dyn Host, connection: &Connection) -> Result<ConnectionReport, Error> {
    let client = client(host, connection)?;
    let page = client
        .call(&ListPipelines {
            max_results: 1,
            next_token: None,
        })
        .map_err(failure::of::<ListPipelines>)?;
    let region = &connection.region;
    let found = if page.pipeline_summaries.is_empty() {
        "it has no pipelines yet"
    } else {
        "its pipelines can be listed"
    };
    Ok(ConnectionReport {
        message: format!("SageMaker in {region} takes these credentials; {found}."),
        details: vec![
            Attribute::new("endpoint", client.endpoint().url.as_str()),
            Attribute::new("partition", Partition::of_region(region).id),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FakeHost, connection};
    use super::*;

    #[test]
    fn the_test_is_one_request_for_one_pipeline() {
        let host = FakeHost::answering([(200, r#"{"PipelineSummaries": []}"#)]);
        let report = test(&host, &connection()).unwrap();
        assert!(report.message.contains("eu-west-1"), "{report:?}");
        assert_eq!(host.bodies(), [r#"{"MaxResults":1}"#]);
    }

    #[test]
    fn a_connection_that_is_wrong_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let wrong = Connection {
            region: "mars".to_owned() + " 1",
            ..connection()
        };
        let error = test(&host, &wrong).unwrap_err();
        assert_eq!(error.code, "InvalidConnection");
        assert!(error.message.contains("mars 1"), "{error}");
        assert_eq!(host.bodies(), [""; 0]);
    }
}
