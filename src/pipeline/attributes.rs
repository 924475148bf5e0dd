//! The attributes of jobs and connections: their definitions, and their values as types.

use super::constraints as limits;
use crate::aws::endpoint::{self, Endpoint};
use crate::description::{AttributeDefinition, Kind};
use crate::job::{Attribute, Connection, Finding, Severity, given};

/// Job: `PipelineExecutionDisplayName`
pub const DISPLAY_NAME: &str = "execution-display-name";
/// Job: `PipelineExecutionDescription`
pub const DESCRIPTION: &str = "execution-description";
/// Job: `ParallelismConfiguration.MaxParallelExecutionSteps`
pub const MAX_PARALLEL_STEPS: &str = "max-parallel-execution-steps";
/// Job: `RoleArn`
pub const ROLE_ARN: &str = "execution-role-arn";
/// Connection: `RoleArn` where the job has none.
pub const DEFAULT_ROLE_ARN: &str = "default-execution-role-arn";
/// Connection: whether to use FIPS endpoints.
pub const FIPS: &str = "fips";
/// Connection: whether to use endpoints that answer over IPv4 and IPv6.
pub const DUAL_STACK: &str = "dual-stack";

/// What can be given for a job.
pub fn job_definitions() -> Vec<AttributeDefinition> {
    vec![
        AttributeDefinition {
            key: DISPLAY_NAME,
            label: "SageMaker Execution Display Name",
            help: "Friendly name of the execution, shown in the SageMaker console.",
            kind: Kind::Text,
            range: None,
            length: Some(limits::DISPLAY_NAME_LENGTH),
            pattern: Some(limits::DISPLAY_NAME_PATTERN),
        },
        AttributeDefinition {
            key: DESCRIPTION,
            label: "SageMaker Execution Description",
            help: "Free text about this execution, in one line.",
            kind: Kind::Text,
            range: None,
            length: Some(limits::DESCRIPTION_LENGTH),
            pattern: Some(limits::DESCRIPTION_PATTERN),
        },
        AttributeDefinition {
            key: MAX_PARALLEL_STEPS,
            label: "SageMaker Max Parallel Execution Steps",
            help: "How many steps of the execution may run at once. Caps fan-out that would \
                   otherwise use up the account's quotas.",
            kind: Kind::Integer,
            range: Some(limits::MAX_PARALLEL_STEPS),
            length: None,
            pattern: None,
        },
        role_definition(
            ROLE_ARN,
            "Pipeline Execution Role ARN",
            "The IAM role that the execution runs as, in place of the pipeline's own. SageMaker \
             takes one only for pipelines that AWS manages; the caller needs iam:PassRole on it.",
        ),
    ]
}

/// What can be given for a connection.
pub fn connection_definitions() -> Vec<AttributeDefinition> {
    let boolean = |key, label, help| AttributeDefinition {
        key,
        label,
        help,
        kind: Kind::Boolean,
        range: None,
        length: None,
        pattern: None,
    };
    vec![
        role_definition(
            DEFAULT_ROLE_ARN,
            "Pipeline Execution Role ARN",
            "The IAM role of executions whose job names none. SageMaker takes one only for \
             pipelines that AWS manages; leave it empty for pipelines of your own.",
        ),
        boolean(
            FIPS,
            "Use FIPS endpoints",
            "Whether requests go to endpoints with FIPS 140 validated cryptography.",
        ),
        boolean(
            DUAL_STACK,
            "Use dual-stack endpoints",
            "Whether requests go to endpoints that answer over IPv4 and IPv6.",
        ),
    ]
}

fn role_definition(
    key: &'static str,
    label: &'static str,
    help: &'static str,
) -> AttributeDefinition {
    AttributeDefinition {
        key,
        label,
        help,
        kind: Kind::Text,
        range: None,
        length: Some(limits::ROLE_ARN_LENGTH),
        pattern: Some(limits::ROLE_ARN_PATTERN),
    }
}

/// What is wrong with a job or connection, as it is being found.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Something that stops a start.
    pub fn error(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Error, field.into(), message.into());
    }

    /// Something that doesn't.
    pub fn warning(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Warning, field.into(), message.into());
    }

    fn add(&mut self, severity: Severity, field: String, message: String) {
        self.0.push(Finding {
            severity,
            field,
            message,
        });
    }

    /// Warns of attributes that nobody will read: mostly a misspelt key.
    fn unknown_keys(
        &mut self,
        prefix: &str,
        attributes: &[Attribute],
        definitions: &[AttributeDefinition],
    ) {
        for attribute in attributes {
            if !definitions.iter().any(|known| known.key == attribute.name) {
                self.warning(
                    format!("{prefix}attributes.{}", attribute.name),
                    "is no attribute of this job type; it is ignored",
                );
            }
        }
    }
}

/// A connection that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    /// The region's name.
    pub region: String,
    /// Where requests go to.
    pub endpoint: Endpoint,
    /// Of executions whose job names none.
    pub default_role_arn: Option<String>,
}

/// Reads a connection; none if something is wrong with it.
pub fn connection_settings(
    connection: &Connection,
    findings: &mut Findings,
) -> Option<ConnectionSettings> {
    let region = connection.region.as_str();
    let region_is_valid = limits::is_region(region);
    if !region_is_valid {
        findings.error(
            "connection.region",
            format!("is {region:?}; it has to be an AWS region such as eu-west-1"),
        );
    }
    let mut flag = |key: &str| match given(&connection.attributes, key).map(str::trim) {
        None | Some("false") => Some(false),
        Some("true") => Some(true),
        Some(other) => {
            findings.error(
                format!("connection.attributes.{key}"),
                format!("is {other:?}; it has to be true or false"),
            );
            None
        }
    };
    let (fips, dual_stack) = (flag(FIPS), flag(DUAL_STACK));
    let url = match connection.endpoint.as_deref().map(str::trim) {
        Some(url) if !url.is_empty() => url.to_owned(),
        _ => endpoint::regional(region, fips?, dual_stack?),
    };
    let endpoint = match Endpoint::parse(&url) {
        Ok(endpoint) => Some(endpoint),
        // The region is why, and that is said already.
        Err(_) if !region_is_valid => None,
        Err(error) => {
            findings.error("connection.endpoint", error.to_string());
            None
        }
    };
    let default_role_arn = given(&connection.attributes, DEFAULT_ROLE_ARN);
    let wrong_role = default_role_arn.and_then(limits::role_arn);
    if let Some(wrong) = &wrong_role {
        findings.error(format!("connection.attributes.{DEFAULT_ROLE_ARN}"), wrong);
    }
    findings.unknown_keys(
        "connection.",
        &connection.attributes,
        &connection_definitions(),
    );
    (region_is_valid && wrong_role.is_none()).then_some(())?;
    Some(ConnectionSettings {
        region: region.to_owned(),
        endpoint: endpoint?,
        default_role_arn: default_role_arn.map(str::to_owned),
    })
}

/// A job's attributes that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobSettings {
    /// For the console.
    pub display_name: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// At least 1.
    pub max_parallel_steps: Option<u32>,
    /// The job's own role.
    pub role_arn: Option<String>,
}

/// Reads a job's attributes; what is wrong goes into `findings` and is left out.
pub fn job_settings(attributes: &[Attribute], findings: &mut Findings) -> JobSettings {
    let mut text = |key: &str, check: fn(&str) -> Option<String>| {
        let value = given(attributes, key)?;
        match check(value) {
            None => Some(value.to_owned()),
            Some(wrong) => {
                findings.error(format!("attributes.{key}"), wrong);
                None
            }
        }
    };
    let display_name = text(DISPLAY_NAME, limits::display_name);
    let description = text(DESCRIPTION, limits::description);
    let role_arn = text(ROLE_ARN, limits::role_arn);
    let max_parallel_steps = given(attributes, MAX_PARALLEL_STEPS).and_then(|value| {
        limits::max_parallel_steps(value)
            .map_err(|wrong| findings.error(format!("attributes.{MAX_PARALLEL_STEPS}"), wrong))
            .ok()
    });
    findings.unknown_keys("", attributes, &job_definitions());
    JobSettings {
        display_name,
        description,
        max_parallel_steps,
        role_arn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(region: &str, endpoint: Option<&str>, attributes: &[(&str, &str)]) -> Connection {
        Connection {
            region: region.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            attributes: attributes
                .iter()
                .map(|(n, v)| Attribute::new(n, *v))
                .collect(),
        }
    }

    fn url(connection: &Connection) -> Result<String, Vec<String>> {
        let mut findings = Findings::default();
        let settings = connection_settings(connection, &mut findings);
        settings
            .map(|settings| settings.endpoint.url)
            .ok_or_else(|| findings.0.into_iter().map(|f| f.field).collect())
    }

    #[test]
    fn the_connection_says_where_requests_go() {
        for (connection, expected) in [
            (
                connection("eu-west-1", None, &[]),
                "https://api.sagemaker.eu-west-1.amazonaws.com/",
            ),
            (
                connection("eu-west-1", Some(" "), &[(FIPS, "")]),
                "https://api.sagemaker.eu-west-1.amazonaws.com/",
            ),
            (
                connection("us-east-1", None, &[(FIPS, "true"), (DUAL_STACK, "true")]),
                "https://api.sagemaker-fips.us-east-1.api.aws/",
            ),
            (
                connection("us-east-1", Some("http://127.0.0.1:1"), &[(FIPS, "true")]),
                "http://127.0.0.1:1/",
            ),
        ] {
            assert_eq!(url(&connection).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_wrong_with_a_connection_is_named() {
        for (connection, field) in [
            (connection("", None, &[]), "connection.region"),
            (connection("EU West", None, &[]), "connection.region"),
            (
                connection("eu-west-1", Some("ftp://x"), &[]),
                "connection.endpoint",
            ),
            (
                connection("eu-west-1", None, &[(FIPS, "maybe")]),
                "connection.attributes.fips",
            ),
            (
                connection("eu-west-1", None, &[(DEFAULT_ROLE_ARN, "role")]),
                "connection.attributes.default-execution-role-arn",
            ),
        ] {
            assert_eq!(url(&connection), Err(vec![field.to_owned()]));
        }
    }

    #[test]
    fn a_blank_attribute_counts_as_not_given() {
        let mut findings = Findings::default();
        let attributes = [DISPLAY_NAME, DESCRIPTION, MAX_PARALLEL_STEPS, ROLE_ARN]
            .map(|key| Attribute::new(key, " "));
        assert_eq!(
            job_settings(&attributes, &mut findings),
            JobSettings::default()
        );
        assert_eq!(findings.0, []);
    }

    #[test]
    fn a_misspelt_attribute_is_a_warning() {
        let mut findings = Findings::default();
        job_settings(&[Attribute::new("display-name", "x")], &mut findings);
        assert_eq!(findings.0[0].severity, Severity::Warning);
        assert_eq!(findings.0[0].field, "attributes.display-name");
    }
}
