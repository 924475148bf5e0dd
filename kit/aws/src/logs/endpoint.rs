//! CloudWatch Logs as a service, and where it answers on a connection that is another service's.

use job_type_kit::contract::{Attribute, AttributeDefinition, Connection};
use job_type_kit::{Findings, non_blank};

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

/// Where requests to CloudWatch Logs go on a connection to another service, whose settings are
/// `main`. What is wrong with the connection's attribute is added to `findings`.
pub fn settings(
    logs: &Service,
    connection: &Connection,
    main: &Settings,
    findings: &mut Findings,
) -> Option<Settings> {
    let attributes = &connection.attributes;
    let is_own = non_blank(connection.endpoint.as_deref()).is_some();
    let endpoint = if Attribute::find(attributes, ENDPOINT).is_some() {
        findings.attribute("connection.", attributes, ENDPOINT, |url| {
            Endpoint::parse(url.trim()).map_err(|error| error.to_string())
        })?
    } else if is_own && !main.endpoint.is_of_aws() {
        main.endpoint.clone()
    } else {
        Endpoint::regional(logs, &main.region, main.variant)
    };
    Some(Settings {
        endpoint,
        ..main.clone()
    })
}
