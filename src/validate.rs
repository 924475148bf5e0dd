//! Finds what is wrong with a job, without asking SageMaker.

use job_type_kit::Findings;
use job_type_kit::contract::{Connection, DeclaredParameter, Finding, Job};

use crate::plan::Plan;

/// Everything that is wrong, errors first. The parameters are compared with `declared`, those that the
/// pipeline declares, where these are given.
pub fn validate(
    connection: &Connection,
    job: &Job,
    declared: Option<&[DeclaredParameter]>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    Plan::read(connection, job, declared, &mut findings);
    findings.into_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection;
    use crate::inputs::PipelineParameter;
    use crate::job_attributes as attributes;
    use crate::testing::{connection, declared, input, job};
    use job_type_kit::DataType;
    use job_type_kit::contract::{Attribute, Direction, Severity};

    fn errors(job: &Job, declared: Option<&[DeclaredParameter]>) -> Vec<String> {
        fields(job, declared, Severity::Error)
    }

    fn warnings(job: &Job) -> Vec<String> {
        fields(job, None, Severity::Warning)
    }

    fn fields(
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
        severity: Severity,
    ) -> Vec<String> {
        validate(&connection(), job, declared)
            .into_iter()
            .filter(|finding| finding.severity == severity)
            .map(|finding| finding.field)
            .collect()
    }

    #[test]
    fn an_arn_of_another_region_than_the_connections_is_a_warning_that_names_both() {
        let arn = |region| format!("arn:aws:sagemaker:{region}:123456789012:pipeline/p");
        assert_eq!(warnings(&job(&arn("eu-west-1"), vec![])), [""; 0]);
        let elsewhere = job(&arn("us-east-1"), vec![]);
        let findings = validate(&connection(), &elsewhere, None);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, Severity::Warning);
        assert_eq!(findings[0].field, "external-id");
        let message = &findings[0].message;
        assert!(message.contains("us-east-1") && message.contains("eu-west-1"));
    }

    fn account(external_id: &str, jobs_role: &str, default_role: &str) -> Vec<(String, String)> {
        let attribute = |key, account: &str| {
            let role = format!("arn:aws:iam::{account}:role/r");
            (!account.is_empty()).then(|| Attribute::new(key, role))
        };
        let mut job = job(external_id, vec![]);
        job.attributes
            .extend(attribute(attributes::ROLE_ARN, jobs_role));
        let mut connection = connection();
        let default = attribute(connection::DEFAULT_ROLE_ARN, default_role);
        connection.attributes.extend(default);
        validate(&connection, &job, None)
            .into_iter()
            .filter(|finding| finding.message.contains("the account "))
            .map(|finding| {
                assert_eq!(finding.severity, Severity::Warning);
                (finding.field, finding.message)
            })
            .collect()
    }

    /// A connection does not name its account, so that the ARNs are compared with each other.
    #[test]
    fn arns_of_different_accounts_are_a_warning_that_names_both() {
        let (one, two) = ("111111111111", "222222222222");
        let arn = format!("arn:aws:sagemaker:eu-west-1:{one}:pipeline/p");
        let managed = "arn:aws:sagemaker:eu-west-1:aws:pipeline/p";
        let role = "attributes.execution-role-arn";
        for (external_id, jobs_role, default_role, field) in [
            (arn.as_str(), two, "", role),
            (&arn, "", two, "external-id"),
            ("p", one, two, role),
            (managed, one, two, role),
        ] {
            let found = account(external_id, jobs_role, default_role);
            assert_eq!(found.len(), 1, "{external_id}: {found:?}");
            assert_eq!(found[0].0, field);
            for account in [one, two] {
                assert!(found[0].1.contains(account), "{found:?}");
            }
        }
        for (external_id, jobs_role, default_role) in [
            (arn.as_str(), one, one),
            ("p", two, two),
            ("p", two, ""),
            (managed, two, ""),
            (managed, "", two),
        ] {
            assert_eq!(account(external_id, jobs_role, default_role), []);
        }
    }

    #[test]
    fn a_default_role_that_is_not_sent_is_a_warning_that_says_why() {
        let mut connection = connection();
        let role = "arn:aws:iam::123456789012:role/r";
        connection
            .attributes
            .push(Attribute::new(connection::DEFAULT_ROLE_ARN, role));
        let findings = |external_id, attributes: &[Attribute]| {
            let mut job = job(external_id, vec![]);
            job.attributes = attributes.to_vec();
            validate(&connection, &job, None)
        };
        for external_id in ["p", "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p"] {
            let found = findings(external_id, &[]);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].severity, Severity::Warning);
            let field = "connection.attributes.default-execution-role-arn";
            assert_eq!(found[0].field, field);
            assert!(
                found[0]
                    .message
                    .contains("only for pipelines that AWS manages")
            );
        }
        let named = [Attribute::new(attributes::ROLE_ARN, role)];
        assert_eq!(findings("p", &named), []);
        let managed = "arn:aws:sagemaker:eu-west-1:aws:pipeline/p";
        assert_eq!(findings(managed, &[]), []);
        assert_eq!(findings(managed, &named), []);
    }

    #[test]
    fn a_role_for_a_pipeline_that_is_surely_the_users_own_is_a_warning() {
        let role = Attribute::new(attributes::ROLE_ARN, "arn:aws:iam::123456789012:role/r");
        for (account, expected) in [
            ("123456789012", &["attributes.execution-role-arn"][..]),
            ("aws", &[]),
        ] {
            let mut job = job(
                &format!("arn:aws:sagemaker:eu-west-1:{account}:pipeline/p"),
                vec![],
            );
            job.attributes.push(role.clone());
            assert_eq!(warnings(&job), expected);
        }
    }

    #[test]
    fn a_good_job_has_no_findings() {
        let mut job = job("abalone", vec![input("A", "1")]);
        job.attributes
            .push(Attribute::new(attributes::MAX_PARALLEL_STEPS, "4"));
        assert_eq!(validate(&connection(), &job, None), []);
    }

    #[test]
    fn each_constraint_of_the_api_is_checked() {
        let long = "x".repeat(1025);
        for (job, field) in [
            (job("", vec![]), "external-id"),
            (job("my pipeline", vec![]), "external-id"),
            (job("p", vec![input("a b", "1")]), "parameters.a b"),
            (job("p", vec![input("", "1")]), "parameters."),
            (job("p", vec![input("A", &long)]), "parameters.A"),
            (job("p", vec![input("A", "")]), "parameters.A"),
            (
                job("p", vec![input("A", "1"), input("A", "2")]),
                "parameters.A",
            ),
        ] {
            assert_eq!(errors(&job, None), [field]);
        }
        for (key, value) in [
            (attributes::DISPLAY_NAME, "no blanks"),
            (attributes::DESCRIPTION, "two\nlines"),
            (attributes::MAX_PARALLEL_STEPS, "0"),
            (attributes::ROLE_ARN, "role"),
        ] {
            let mut job = job("p", vec![]);
            job.attributes.push(Attribute::new(key, value));
            assert_eq!(errors(&job, None), [format!("attributes.{key}")]);
        }
    }

    #[test]
    fn a_parameter_whose_name_cannot_be_sent_may_keep_its_default() {
        let mut unsendable = input("Étiquette", "x");
        assert_eq!(
            errors(&job("p", vec![unsendable.clone()]), None),
            ["parameters.Étiquette"]
        );
        unsendable.value = None;
        assert_eq!(errors(&job("p", vec![unsendable]), None), [""; 0]);
    }

    #[test]
    fn two_hundred_parameters_can_be_sent_and_not_one_more() {
        let many = |n: usize| job("p", (0..n).map(|i| input(&format!("P{i}"), "1")).collect());
        assert_eq!(errors(&many(200), None), [""; 0]);
        assert_eq!(errors(&many(201), None), ["parameters"]);
    }

    #[test]
    fn a_parameter_that_sagemaker_does_not_update_or_ignores_is_a_warning() {
        let mut output = input("Out", "1");
        output.direction = Direction::Output;
        let mut both = input("Both", "1");
        both.direction = Direction::InputOutput;
        let job = job("p", vec![output, both]);
        assert_eq!(warnings(&job), ["parameters.Out", "parameters.Both"]);
        let plan = Plan::parse(&connection(), &job).unwrap();
        assert_eq!(
            plan.inputs,
            [PipelineParameter {
                name: "Both".to_owned(),
                value: "1".to_owned(),
            }]
        );
    }

    #[test]
    fn values_are_checked_against_the_declared_types() {
        for (data_type, good, bad) in [
            (
                DataType::Integer,
                &["1", "-7", "+3", "123456789012345678901"][..],
                &["1.0", "one", "", "-", " 1"][..],
            ),
            (
                DataType::Float,
                &["1", "0.5", "-1e-5", ".5"],
                &["half", "inf", "NaN", "1e999", "0x1"],
            ),
            (DataType::Boolean, &["true", "False"], &["yes", "1"]),
            (DataType::String, &["anything"], &[]),
            (DataType::Other("Duration".to_owned()), &["anything"], &[]),
        ] {
            let declared = [declared("A", data_type.clone())];
            for value in good {
                assert_eq!(
                    errors(&job("p", vec![input("A", value)]), Some(&declared)),
                    [""; 0],
                    "{value} {data_type:?}"
                );
            }
            for value in bad.iter().filter(|value| !value.is_empty()) {
                assert_eq!(
                    errors(&job("p", vec![input("A", value)]), Some(&declared)),
                    ["parameters.A"],
                    "{value} {data_type:?}"
                );
            }
        }
    }

    #[test]
    fn allowed_values_required_parameters_and_unknown_names_are_checked() {
        let mut kind = declared("Kind", DataType::String);
        kind.allowed_values = vec!["a".to_owned(), "b".to_owned()];
        let mut needed = declared("Needed", DataType::String);
        needed.required = true;
        let declared = [kind, needed];
        let findings = |parameters| errors(&job("p", parameters), Some(&declared));
        assert_eq!(
            findings(vec![input("Kind", "a"), input("Needed", "x")]),
            [""; 0]
        );
        assert_eq!(
            findings(vec![input("Kind", "c"), input("Needed", "x")]),
            ["parameters.Kind"]
        );
        assert_eq!(findings(vec![]), ["parameters.Needed"]);
        assert_eq!(
            findings(vec![input("Needed", "x"), input("Other", "x")]),
            ["parameters.Other"]
        );
    }
}
