//! CloudWatch Logs as a service, and where it answers on a connection that is another service's.

use job_type_kit::contract::{AttributeDefinition, Connection};
use job_type_kit::{Findings, Problem, non_blank};

use crate::connection::Settings;
use crate::endpoint::Endpoint;
use crate::partition::Partition;
use crate::service::{Service, UserAgent};
use crate::variant::Variant;

/// The attribute for the base URL of CloudWatch Logs.
pub const ENDPOINT: &str = "logs-endpoint";

/// The connection's attribute for CloudWatch Logs.
pub fn definition() -> AttributeDefinition {
    AttributeDefinition::text(
        ENDPOINT,
        "CloudWatch Logs endpoint",
        "The base URL of CloudWatch Logs. Without it, logs come from the region's endpoint, or from the \
         connection's own endpoint if that is not an AWS name.",
    )
}

/// CloudWatch Logs, as its API model names it.
pub const fn service(user_agent: UserAgent) -> Service {
    Service {
        name: "CloudWatch Logs",
        signing_name: "logs",
        target_prefix: "Logs_20140328",
        endpoint_rule,
        user_agent,
        class: |_| None,
        hint: |_, _| None,
        lost_answer: "Try again.",
    }
}

/// Source: the endpoint rules that the AWS SDKs share. FIPS endpoints in `aws-us-gov` have the usual
/// name, unless they are dual-stack.
fn endpoint_rule(partition: &Partition, variant: Variant) -> &'static str {
    match variant {
        Variant { fips: false, .. } => "logs",
        Variant {
            dual_stack: false, ..
        } if partition.id == "aws-us-gov" => "logs",
        _ => "logs-fips",
    }
}

/// The connection's endpoint for CloudWatch Logs, where it names one. What is wrong with it is added to
/// `findings`.
pub fn own_endpoint(connection: &Connection, findings: &mut Findings) -> Option<Endpoint> {
    findings.attribute("connection.", &connection.attributes, ENDPOINT, |url| {
        Endpoint::parse(url.trim()).map_err(Problem::from)
    })
}

/// Where requests to CloudWatch Logs go on a connection to another service: to `own`, the endpoint that
/// the connection names for them, or else to where the settings `main` of the other service lead.
pub fn settings(
    logs: &Service,
    connection: &Connection,
    main: &Settings,
    own: Option<Endpoint>,
) -> Settings {
    let is_overridden = non_blank(connection.endpoint.as_deref()).is_some();
    let endpoint = match own {
        Some(endpoint) => endpoint,
        None if is_overridden && !main.endpoint.is_of_aws() => main.endpoint.clone(),
        None => Endpoint::regional(logs, &main.region, main.variant),
    };
    Settings {
        endpoint,
        ..main.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection;
    use crate::testing::ECHO;
    use job_type_kit::contract::Attribute;

    static LOGS: Service = service(ECHO.user_agent);

    fn logs_url(
        region: &str,
        endpoint: Option<&str>,
        attributes: &[(&str, &str)],
    ) -> Result<String, Vec<String>> {
        let connection = Connection {
            region: region.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            attributes: attributes
                .iter()
                .map(|(name, value)| Attribute::new(name, *value))
                .collect(),
        };
        let mut findings = Findings::default();
        let main = connection::settings(&ECHO, &connection, &mut findings).unwrap();
        let own = own_endpoint(&connection, &mut findings);
        let settings = settings(&LOGS, &connection, &main, own);
        let findings = findings.into_sorted().into_iter();
        let fields: Vec<_> = findings.map(|finding| finding.field).collect();
        match fields.is_empty() {
            true => Ok(settings.endpoint.url),
            false => Err(fields),
        }
    }

    #[test]
    fn logs_come_from_the_regions_endpoint_in_the_connections_variant() {
        let (fips, dual_stack) = (("fips", "true"), ("dual-stack", "true"));
        for (region, attributes, url) in [
            (
                "eu-west-1",
                &[][..],
                "https://logs.eu-west-1.amazonaws.com/",
            ),
            (
                "us-east-1",
                &[fips],
                "https://logs-fips.us-east-1.amazonaws.com/",
            ),
            (
                "us-gov-west-1",
                &[fips],
                "https://logs.us-gov-west-1.amazonaws.com/",
            ),
            (
                "us-east-1",
                &[dual_stack],
                "https://logs.us-east-1.api.aws/",
            ),
            (
                "us-gov-west-1",
                &[fips, dual_stack],
                "https://logs-fips.us-gov-west-1.api.aws/",
            ),
            (
                "cn-north-1",
                &[],
                "https://logs.cn-north-1.amazonaws.com.cn/",
            ),
        ] {
            assert_eq!(logs_url(region, None, attributes).as_deref(), Ok(url));
        }
    }

    #[test]
    fn an_endpoint_of_aws_is_not_that_of_logs_and_another_serves_both() {
        let regional = "https://logs.eu-west-1.amazonaws.com/";
        for (endpoint, url) in [
            ("https://echo.eu-west-1.amazonaws.com", regional),
            ("https://echo.eu-west-1.api.aws:443", regional),
            (
                "https://vpce-0a1b-2c3d.echo.eu-west-1.vpce.amazonaws.com",
                regional,
            ),
            ("https://echo.cn-north-1.amazonaws.com.cn", regional),
            ("http://127.0.0.1:4566", "http://127.0.0.1:4566/"),
            ("http://[::1]:4566", "http://[::1]:4566/"),
            (
                "https://gateway.example.com/aws",
                "https://gateway.example.com/aws/",
            ),
            ("https://notamazonaws.com", "https://notamazonaws.com/"),
            (
                "https://amazonaws.com.example",
                "https://amazonaws.com.example/",
            ),
        ] {
            let found = logs_url("eu-west-1", Some(endpoint), &[]);
            assert_eq!(found.as_deref(), Ok(url), "{endpoint}");
        }
    }

    #[test]
    fn the_attribute_comes_first() {
        let vpc = "https://vpce-1.logs.eu-west-1.vpce.amazonaws.com";
        let given = (ENDPOINT, vpc);
        let expected = format!("{vpc}/");
        for endpoint in [None, Some("http://127.0.0.1:1")] {
            assert_eq!(
                logs_url("eu-west-1", endpoint, &[given]),
                Ok(expected.clone())
            );
        }
        assert_eq!(
            logs_url("eu-west-1", None, &[("fips", "true"), given]),
            Ok(expected)
        );
        let blank = logs_url("eu-west-1", None, &[(ENDPOINT, " ")]);
        assert!(blank.unwrap().starts_with("https://logs."));
    }

    #[test]
    fn an_attribute_that_is_not_a_base_url_is_named() {
        let wrong = logs_url("eu-west-1", None, &[(ENDPOINT, "logs")]);
        let field = "connection.attributes.logs-endpoint".to_owned();
        assert_eq!(wrong, Err(vec![field]));
    }
}
