//! The kinds of findings that this job type has beside the kit's.

use job_type_kit::FindingCode;

/// Not the ARN of a pipeline.
pub const NOT_A_PIPELINE: FindingCode = FindingCode::Own("NotAPipeline");
/// Not the ARN of a pipeline's execution.
pub const NOT_AN_EXECUTION: FindingCode = FindingCode::Own("NotAnExecution");
/// Not the ARN of an IAM role.
pub const NOT_A_ROLE: FindingCode = FindingCode::Own("NotARole");
/// An ARN of another region than the connection's.
pub const OTHER_REGION: FindingCode = FindingCode::Own("OtherRegion");
/// An ARN of another account than another ARN of the job.
pub const OTHER_ACCOUNT: FindingCode = FindingCode::Own("OtherAccount");
/// An execution of another pipeline than the job's.
pub const OTHER_PIPELINE: FindingCode = FindingCode::Own("OtherPipeline");
/// A source execution without selected steps.
pub const NO_SELECTED_STEPS: FindingCode = FindingCode::Own("NoSelectedSteps");
/// The platform's default role, which is not sent with this job.
pub const ROLE_NOT_SENT: FindingCode = FindingCode::Own("RoleNotSent");
/// A role that SageMaker refuses for this job's pipeline.
pub const ROLE_REFUSED: FindingCode = FindingCode::Own("RoleRefused");

#[cfg(test)]
mod tests {
    use crate::testing::{EXECUTION_ARN, connection, declared, input, job};
    use crate::validate::validate;
    use job_type_kit::DataType;
    use job_type_kit::contract::{
        Attribute, Connection, DeclaredParameter, Direction, Job, Parameter, Severity,
    };
    use std::fmt::Write;

    const ROLE: &str = "arn:aws:iam::123456789012:role/r";

    /// Each kind of finding, with the field that it is about. Hosts have words of their own for them,
    /// so a code never changes, and a new kind is a new line.
    const ALL: &str = "\
        error Duplicate attributes.selected-steps\n\
        error Duplicate parameters.A\n\
        error Empty external-id\n\
        error Empty parameters.A\n\
        error InvalidCharacters attributes.execution-display-name\n\
        error InvalidCharacters attributes.pipeline-version-alias\n\
        error InvalidCharacters attributes.selected-steps\n\
        error InvalidCharacters external-id\n\
        error InvalidCharacters parameters.a b\n\
        error Missing parameters.Needed\n\
        error MultipleLines attributes.execution-description\n\
        error MultipleLines attributes.mlflow-experiment-name\n\
        error NoSelectedSteps attributes.source-execution-arn\n\
        error NotABoolean connection.attributes.fips\n\
        error NotABoolean parameters.Boolean\n\
        error NotANumber parameters.Float\n\
        error NotAPipeline external-id\n\
        error NotARegion connection.region\n\
        error NotARole attributes.execution-role-arn\n\
        error NotARole connection.attributes.default-execution-role-arn\n\
        error NotAUrl connection.attributes.logs-endpoint\n\
        error NotAUrl connection.endpoint\n\
        error NotAllowed parameters.Kind\n\
        error NotAnExecution attributes.source-execution-arn\n\
        error NotAnInteger attributes.max-parallel-execution-steps\n\
        error NotAnInteger parameters.Integer\n\
        error NotDeclared parameters.Other\n\
        error NotTogether connection.endpoint\n\
        error OutOfRange attributes.max-parallel-execution-steps\n\
        error OutOfRange attributes.pipeline-version-id\n\
        error TooLong attributes.execution-display-name\n\
        error TooLong parameters.A\n\
        error TooMany attributes.selected-steps\n\
        error TooMany parameters\n\
        error TooShort attributes.execution-role-arn\n\
        warning NotTogether attributes.pipeline-version-alias\n\
        warning OtherAccount attributes.execution-role-arn\n\
        warning OtherAccount external-id\n\
        warning OtherPipeline attributes.source-execution-arn\n\
        warning OtherRegion attributes.source-execution-arn\n\
        warning OtherRegion external-id\n\
        warning OutputIgnored parameters.Out\n\
        warning OutputNotUpdated parameters.Both\n\
        warning RoleNotSent connection.attributes.default-execution-role-arn\n\
        warning RoleRefused attributes.execution-role-arn\n\
        warning UnknownAttribute attributes.other\n\
        warning UnknownAttribute connection.attributes.other\n";

    #[test]
    fn each_kind_of_finding_has_a_code_that_never_changes() {
        let mut lines = Vec::new();
        for (connection, job, declared) in jobs() {
            for finding in validate(&connection, &job, declared.as_deref()) {
                let severity = match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                };
                lines.push(format!("{severity} {} {}", finding.code, finding.field));
            }
        }
        lines.sort();
        lines.dedup();
        let mut found = String::new();
        for line in lines {
            writeln!(found, "{line}").unwrap();
        }
        assert_eq!(found, ALL);
    }

    /// Jobs that have each finding once.
    fn jobs() -> Vec<(Connection, Job, Option<Vec<DeclaredParameter>>)> {
        let mut jobs = Vec::new();
        jobs.extend(wrong_attributes().map(|attributes| (connection(), attributes, None)));
        let with_parameters = wrong_parameters().map(|parameters| job("p", parameters));
        jobs.extend(with_parameters.map(|job| (connection(), job, None)));
        for id in ["", "a b", "arn:aws:s3:::b", &arn("us-east-1")] {
            jobs.push((connection(), job(id, vec![]), None));
        }
        jobs.extend(wrong_connections().map(|connection| {
            let job = job(&arn("eu-west-1"), vec![]);
            (connection, job, None)
        }));
        jobs.push((connection(), undeclared(), Some(declarations())));
        jobs
    }

    fn arn(region: &str) -> String {
        format!("arn:aws:sagemaker:{region}:123456789012:pipeline/p")
    }

    fn wrong_attributes() -> impl Iterator<Item = Job> {
        let fifty_one: Vec<_> = (0..51).map(|number| number.to_string()).collect();
        let fifty_one = fifty_one.join(",");
        let long = "x".repeat(83);
        let source = "source-execution-arn";
        let elsewhere = EXECUTION_ARN.replace("eu-west-1", "us-east-1");
        let other_pipeline = EXECUTION_ARN.replace("pipeline/p", "pipeline/q");
        let other_account = ROLE.replace("123456789012", "999999999999");
        let wrong = [
            vec![("execution-display-name", "no blanks")],
            vec![("execution-display-name", &long)],
            vec![("execution-description", "two\nlines")],
            vec![("mlflow-experiment-name", "two\nlines")],
            vec![("max-parallel-execution-steps", "many")],
            vec![("max-parallel-execution-steps", "0")],
            vec![("pipeline-version-id", "0")],
            vec![("pipeline-version-alias", "7")],
            vec![
                ("pipeline-version-id", "1"),
                ("pipeline-version-alias", "prod"),
            ],
            vec![("execution-role-arn", "role")],
            vec![("execution-role-arn", "arn:aws:iam::123456789012:user/u")],
            vec![("execution-role-arn", &other_account)],
            vec![("selected-steps", "A,A")],
            vec![("selected-steps", "a b")],
            vec![("selected-steps", &fifty_one)],
            vec![(source, EXECUTION_ARN)],
            vec![("selected-steps", "A"), (source, "arn")],
            vec![("selected-steps", "A"), (source, &elsewhere)],
            vec![("selected-steps", "A"), (source, &other_pipeline)],
            vec![("other", "x")],
        ];
        wrong
            .map(|attributes| {
                let mut job = job(&arn("eu-west-1"), vec![]);
                let attributes = attributes.into_iter();
                job.attributes = attributes
                    .map(|(key, value)| Attribute::new(key, value))
                    .collect();
                job
            })
            .into_iter()
    }

    fn wrong_parameters() -> impl Iterator<Item = Vec<Parameter>> {
        let directed = |name, direction| Parameter {
            direction,
            ..input(name, "1")
        };
        [
            vec![input("A", "1"), input("A", "2")],
            vec![input("A", "")],
            vec![input("A", &"x".repeat(1025))],
            vec![input("a b", "1")],
            vec![directed("Out", Direction::Output)],
            vec![directed("Both", Direction::InputOutput)],
            (0..201)
                .map(|number| input(&format!("P{number}"), "1"))
                .collect(),
        ]
        .into_iter()
    }

    fn wrong_connections() -> impl Iterator<Item = Connection> {
        let other_account = ROLE.replace("123456789012", "999999999999");
        let with = |endpoint: Option<&str>, attributes: &[(&str, &str)]| Connection {
            endpoint: endpoint.map(str::to_owned),
            attributes: attributes
                .iter()
                .map(|(key, value)| Attribute::new(key, *value))
                .collect(),
            ..connection()
        };
        let elsewhere = Connection {
            region: "mars 1".to_owned(),
            ..connection()
        };
        [
            elsewhere,
            with(Some("ftp://x"), &[]),
            with(Some("https://x"), &[("fips", "true")]),
            with(None, &[("fips", "maybe")]),
            with(
                None,
                &[(
                    "default-execution-role-arn",
                    "arn:aws:iam::123456789012:user/u",
                )],
            ),
            with(None, &[("default-execution-role-arn", &other_account)]),
            with(None, &[("logs-endpoint", "ftp://x")]),
            with(None, &[("other", "x")]),
        ]
        .into_iter()
    }

    fn declarations() -> Vec<DeclaredParameter> {
        let mut kind = declared("Kind", DataType::String);
        kind.allowed_values = vec!["a".to_owned()];
        let mut needed = declared("Needed", DataType::String);
        needed.required = true;
        vec![
            kind,
            needed,
            declared("Integer", DataType::Integer),
            declared("Float", DataType::Float),
            declared("Boolean", DataType::Boolean),
        ]
    }

    fn undeclared() -> Job {
        let names = ["Kind", "Integer", "Float", "Boolean", "Other"];
        job("p", names.map(|name| input(name, "x")).to_vec())
    }
}
