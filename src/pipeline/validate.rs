//! What is wrong with a job, found without asking SageMaker; and, where nothing is, the job as a
//! start can use it.

use super::attributes::{
    self, ConnectionSettings, DEFAULT_ROLE_ARN, Findings, JobSettings, ROLE_ARN,
};
use super::constraints as limits;
use super::external_id::ExternalId;
use crate::aws::json::Json;
use crate::job::{
    Connection, DataType, DeclaredParameter, Direction, Finding, Job, Parameter, Severity,
};

/// A job that a start can send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Name or ARN.
    pub external_id: ExternalId,
    /// The attributes that were given.
    pub settings: JobSettings,
    /// The execution role: the job's, else the connection's default; and which attribute it is from.
    pub role: Option<(String, &'static str)>,
    /// Names and values of the inputs that have one, in declared order.
    pub inputs: Vec<(String, String)>,
    /// Where to send it.
    pub connection: ConnectionSettings,
}

/// All that is wrong, errors first.
pub fn validate(
    connection: &Connection,
    job: &Job,
    declared: Option<&[DeclaredParameter]>,
) -> Vec<Finding> {
    let mut findings = Findings::default();
    read(connection, job, declared, &mut findings);
    let (mut errors, warnings): (Vec<_>, Vec<_>) = findings
        .0
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    errors.extend(warnings);
    errors
}

/// The job as a start can use it, or the errors that keep it from being started.
pub fn plan(connection: &Connection, job: &Job) -> Result<Plan, Vec<Finding>> {
    let mut findings = Findings::default();
    let plan = read(connection, job, None, &mut findings);
    findings
        .0
        .retain(|finding| finding.severity == Severity::Error);
    match plan {
        Some(plan) if findings.0.is_empty() => Ok(plan),
        _ => Err(findings.0),
    }
}

fn read(
    connection: &Connection,
    job: &Job,
    declared: Option<&[DeclaredParameter]>,
    findings: &mut Findings,
) -> Option<Plan> {
    let connection = attributes::connection_settings(connection, findings);
    let external_id = ExternalId::parse(&job.external_id)
        .map_err(|wrong| findings.error("external-id", wrong))
        .ok();
    let settings = attributes::job_settings(&job.attributes, findings);
    let inputs = inputs(&job.parameters, findings);
    if let Some(declared) = declared {
        against_declared(&job.parameters, declared, findings);
    }
    let connection = connection?;
    let role = match (&settings.role_arn, &connection.default_role_arn) {
        (Some(arn), _) => Some((arn.clone(), ROLE_ARN)),
        (None, Some(arn)) => Some((arn.clone(), DEFAULT_ROLE_ARN)),
        (None, None) => None,
    };
    Some(Plan {
        external_id: external_id?,
        settings,
        role,
        inputs,
        connection,
    })
}

fn inputs(parameters: &[Parameter], findings: &mut Findings) -> Vec<(String, String)> {
    let mut names = Vec::new();
    let mut inputs = Vec::new();
    for parameter in parameters {
        let field = format!("parameters.{}", parameter.name);
        match names.binary_search(&parameter.name.as_str()) {
            Err(at) => names.insert(at, &parameter.name),
            Ok(_) => {
                findings.error(&field, "is given more than once");
                continue;
            }
        }
        match parameter.direction {
            Direction::Input => {}
            Direction::InputOutput => findings.warning(
                &field,
                "is sent, but not updated when the run is over: SageMaker pipelines return no \
                 output parameters (not supported)",
            ),
            Direction::Output => {
                findings.warning(
                    &field,
                    "is ignored: SageMaker pipelines return no output parameters (not supported)",
                );
                continue;
            }
        }
        // One whose name can't be sent may stand in a job as long as it isn't: the default applies.
        let Some(value) = &parameter.value else {
            continue;
        };
        if let Some(wrong) = limits::parameter_name(&parameter.name) {
            findings.error(&field, wrong);
        }
        if let Some(wrong) = limits::length(value, limits::PARAMETER_VALUE_LENGTH) {
            findings.error(&field, wrong);
        }
        if value.is_empty() {
            findings.warning(
                &field,
                "is empty, which SageMaker refuses; leave the value out to have the pipeline's \
                 default apply",
            );
        }
        inputs.push((parameter.name.clone(), value.clone()));
    }
    if inputs.len() > limits::PARAMETERS {
        findings.error(
            "parameters",
            format!(
                "{} would be sent; SageMaker takes {} at the most",
                inputs.len(),
                limits::PARAMETERS
            ),
        );
    }
    inputs
}

fn against_declared(
    parameters: &[Parameter],
    declared: &[DeclaredParameter],
    findings: &mut Findings,
) {
    let sent = || {
        parameters
            .iter()
            .filter(|parameter| parameter.direction != Direction::Output)
    };
    for parameter in sent() {
        let field = format!("parameters.{}", parameter.name);
        let Some(declaration) = declared.iter().find(|d| d.name == parameter.name) else {
            findings.error(&field, not_declared(declared));
            continue;
        };
        let Some(value) = parameter.value.as_deref().filter(|v| !v.is_empty()) else {
            continue;
        };
        if let Some(wrong) = wrong_type(value, &declaration.data_type) {
            findings.error(&field, wrong);
        } else if !declaration.allowed_values.is_empty()
            && !declaration.allowed_values.iter().any(|v| v == value)
        {
            findings.error(
                &field,
                format!(
                    "is {value:?}, which isn't among the allowed values: {}",
                    declaration.allowed_values.join(", ")
                ),
            );
        }
    }
    for declaration in declared.iter().filter(|d| d.required) {
        let has_value = sent().any(|p| p.name == declaration.name && p.value.is_some());
        if !has_value {
            findings.error(
                format!("parameters.{}", declaration.name),
                "needs a value: the pipeline declares no default for it",
            );
        }
    }
}

fn not_declared(declared: &[DeclaredParameter]) -> String {
    if declared.is_empty() {
        return "isn't declared by the pipeline, which declares no parameters".to_owned();
    }
    let names: Vec<_> = declared.iter().map(|d| d.name.as_str()).collect();
    format!(
        "isn't declared by the pipeline, which declares {}",
        names.join(", ")
    )
}

fn wrong_type(value: &str, data_type: &DataType) -> Option<String> {
    let (fits, wanted) = match data_type {
        DataType::String | DataType::Other(_) => (true, ""),
        DataType::Integer => (is_integer(value), "an Integer, such as 42"),
        DataType::Float => (is_float(value), "a Float, such as 0.5"),
        DataType::Boolean => (
            value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
            "a Boolean: true or false",
        ),
    };
    (!fits).then(|| format!("is {value:?}, but is declared as {wanted}"))
}

fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_float(value: &str) -> bool {
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_number = mantissa.len() > usize::from(mantissa.contains('.'))
        && are_digits(whole)
        && are_digits(fraction)
        && is_integer(exponent);
    // As JSON has it, which leaves less to the writer; its reader refuses what no double can hold.
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    is_number && Json::parse(&format!("{whole}.{fraction}0e{exponent}")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{connection, declared, input, job};
    use super::*;
    use crate::job::Attribute;

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
    fn what_the_service_may_not_like_is_a_warning() {
        let mut output = input("Out", "1");
        output.direction = Direction::Output;
        let mut both = input("Both", "1");
        both.direction = Direction::InputOutput;
        let job = job("p", vec![output, both, input("Empty", "")]);
        assert_eq!(
            warnings(&job),
            ["parameters.Out", "parameters.Both", "parameters.Empty"]
        );
        let plan = plan(&connection(), &job).unwrap();
        assert_eq!(
            plan.inputs,
            [
                ("Both".to_owned(), "1".to_owned()),
                ("Empty".to_owned(), String::new())
            ]
        );
    }

    #[test]
    fn values_are_held_against_the_declared_types() {
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
            (DataType::String, &["", "anything"], &[]),
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
    fn allowed_values_required_ones_and_unknown_names_are_checked() {
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
