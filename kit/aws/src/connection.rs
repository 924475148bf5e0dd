//! The part of a connection that is the same for every AWS service: the region, the endpoint, and
//! the variant of the endpoint.

use job_type_kit::contract::{Attribute, AttributeDefinition, Connection};
use job_type_kit::{FindingCode, Findings, Problem, non_blank};

use crate::endpoint::Endpoint;
use crate::region::Region;
use crate::service::Service;
use crate::variant::Variant;

/// The attribute that chooses FIPS endpoints: `true` or `false`.
pub const FIPS: &str = "fips";
/// The attribute that chooses endpoints that answer over IPv4 and IPv6: `true` or `false`.
pub const DUAL_STACK: &str = "dual-stack";

/// The kind of a finding: a region that is not one of AWS.
pub const NOT_A_REGION: FindingCode = FindingCode::Own("NotARegion");

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The connection's region.
    pub region: Region,
    /// The service's own endpoint there, or the connection's.
    pub endpoint: Endpoint,
    /// The variant of the services' own endpoints.
    pub variant: Variant,
}

/// The attributes that choose a variant of the endpoint.
pub fn definitions() -> [AttributeDefinition; 2] {
    [
        AttributeDefinition::boolean(
            FIPS,
            "Use FIPS endpoints",
            "Whether requests go to endpoints with FIPS 140 validated cryptography.",
        ),
        AttributeDefinition::boolean(
            DUAL_STACK,
            "Use dual-stack endpoints",
            "Whether requests go to endpoints that answer over IPv4 and IPv6.",
        ),
    ]
}

/// Reads a connection to a service, and adds what is wrong with it to `findings`. `None` where the
/// endpoint is not known.
pub fn settings(
    service: &Service,
    connection: &Connection,
    findings: &mut Findings,
) -> Option<Settings> {
    let region = region(connection, findings);
    let mut flag = |key| match Attribute::find(&connection.attributes, key) {
        None => Some(false),
        Some(_) => findings.attribute("connection.", &connection.attributes, key, boolean),
    };
    let (fips, dual_stack) = (flag(FIPS), flag(DUAL_STACK));
    let endpoint = match non_blank(connection.endpoint.as_deref()) {
        Some(_) if fips == Some(true) || dual_stack == Some(true) => {
            findings.error(
                FindingCode::NotTogether,
                "connection.endpoint",
                "can't be given together with fips or dual-stack, which choose one of the \
                 service's own endpoints; leave one of them out",
            );
            return None;
        }
        Some(url) => Endpoint::parse(url.trim())
            .map_err(|error| findings.problem("connection.endpoint", error.into()))
            .ok()?,
        None => Endpoint::regional(service, region.as_ref()?, Variant::new(fips?, dual_stack?)),
    };
    Some(Settings {
        region: region?,
        endpoint,
        variant: Variant::new(fips.unwrap_or(false), dual_stack.unwrap_or(false)),
    })
}

/// Reads a connection's region, and adds what is wrong with it to `findings`.
pub fn region(connection: &Connection, findings: &mut Findings) -> Option<Region> {
    let region = Region::parse(&connection.region);
    if region.is_none() {
        findings.error(
            NOT_A_REGION,
            "connection.region",
            format!(
                "is {:?}; it has to be an AWS region such as eu-west-1",
                connection.region
            ),
        );
    }
    region
}

fn boolean(text: &str) -> Result<bool, Problem> {
    // .NET writes `True`.
    match text.trim() {
        word if word.eq_ignore_ascii_case("false") => Ok(false),
        word if word.eq_ignore_ascii_case("true") => Ok(true),
        other => Err(Problem::new(
            FindingCode::NotABoolean,
            format!("is {other:?}; it has to be true or false"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ECHO;

    fn connection(region: &str, endpoint: Option<&str>, attributes: &[(&str, &str)]) -> Connection {
        Connection {
            region: region.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            attributes: attributes
                .iter()
                .map(|(name, value)| Attribute::new(name, *value))
                .collect(),
        }
    }

    fn url(connection: &Connection) -> Result<String, Vec<String>> {
        let mut findings = Findings::default();
        let settings = settings(&ECHO, connection, &mut findings);
        let fields: Vec<_> = findings
            .into_sorted()
            .into_iter()
            .map(|finding| finding.field)
            .collect();
        settings
            .filter(|_| fields.is_empty())
            .map(|settings| settings.endpoint.url)
            .ok_or(fields)
    }

    #[test]
    fn the_connection_says_where_requests_go() {
        for (connection, expected) in [
            (
                connection("eu-west-1", None, &[]),
                "https://echo.eu-west-1.amazonaws.com/",
            ),
            (
                connection("eu-west-1", Some(" "), &[(FIPS, "")]),
                "https://echo.eu-west-1.amazonaws.com/",
            ),
            (
                connection("us-east-1", None, &[(FIPS, "true"), (DUAL_STACK, "true")]),
                "https://echo-fips.us-east-1.api.aws/",
            ),
            (
                connection("us-east-1", Some("http://127.0.0.1:1"), &[(FIPS, "false")]),
                "http://127.0.0.1:1/",
            ),
        ] {
            assert_eq!(url(&connection).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_boolean_is_read_in_any_case() {
        for (word, host) in [
            ("True", "echo-fips"),
            ("TRUE", "echo-fips"),
            ("False", "echo"),
        ] {
            let connection = connection("eu-west-1", None, &[(FIPS, word)]);
            let expected = format!("https://{host}.eu-west-1.amazonaws.com/");
            assert_eq!(url(&connection), Ok(expected), "{word}");
        }
    }

    #[test]
    fn an_endpoint_together_with_a_variant_is_refused() {
        for key in [FIPS, DUAL_STACK] {
            let connection = connection("eu-west-1", Some("http://127.0.0.1:1"), &[(key, "true")]);
            assert_eq!(
                url(&connection),
                Err(vec!["connection.endpoint".to_owned()])
            );
        }
    }

    #[test]
    fn each_error_of_a_connection_names_its_field() {
        for (connection, field) in [
            (connection("", None, &[]), "connection.region"),
            (connection("EU West", None, &[]), "connection.region"),
            (
                connection("EU West", Some("http://127.0.0.1:1"), &[]),
                "connection.region",
            ),
            (
                connection("eu-west-1", Some("ftp://x"), &[]),
                "connection.endpoint",
            ),
            (
                connection("eu-west-1", None, &[(FIPS, "maybe")]),
                "connection.attributes.fips",
            ),
            (
                connection("eu-west-1", Some("http://127.0.0.1:1"), &[(FIPS, "maybe")]),
                "connection.attributes.fips",
            ),
        ] {
            assert_eq!(url(&connection), Err(vec![field.to_owned()]));
        }
    }
}
