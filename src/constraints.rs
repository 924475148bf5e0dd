//! The limits of the API's model, each with a function that returns what is wrong with a value.
//! Lengths are in characters (Unicode scalar values), as in the model.

use aws_kit::arn::Arn;
use job_type_kit::limits::length;
use job_type_kit::{FindingCode, Problem};

use crate::finding_codes::NOT_A_ROLE;

/// `RoleArn`
pub const ROLE_ARN_LENGTH: (u32, u32) = (20, 2048);
/// `RoleArn`
pub const ROLE_ARN_PATTERN: &str = r"arn:aws[a-z\-]*:iam::[0-9]{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";
/// `PipelineName`
pub const PIPELINE_NAME_LENGTH: (u32, u32) = (1, 256);
/// `PipelineNameOrArn`, `PipelineExecutionArn`
pub const ARN_LENGTH: u32 = 2048;
/// `ParameterList`
pub const PARAMETERS: usize = 200;
/// `PipelineParameterName`
pub const PARAMETER_NAME_LENGTH: (u32, u32) = (1, 256);
/// `Parameter$Value`, whose least length is 0 in the model. The service refuses an empty value, with
/// the words "too short (length: 0, required minimum: 1)".
pub const PARAMETER_VALUE_LENGTH: (u32, u32) = (1, 1024);

/// What is wrong with a pipeline's name, if anything.
pub fn pipeline_name(name: &str) -> Option<Problem> {
    length(name, PIPELINE_NAME_LENGTH).or_else(|| hyphenated(name))
}

/// `[a-zA-Z0-9](-*[a-zA-Z0-9])*`
pub fn hyphenated(text: &str) -> Option<Problem> {
    let ends_well = |edge: Option<char>| edge.is_some_and(|c| c.is_ascii_alphanumeric());
    let fits = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && ends_well(text.chars().next())
        && ends_well(text.chars().next_back());
    (!fits).then(|| {
        Problem::new(
            FindingCode::InvalidCharacters,
            "may hold letters a-z and A-Z, digits, and hyphens between them, without blanks and other \
             characters",
        )
    })
}

/// What is wrong with a role's ARN, if anything.
pub fn role_arn(text: &str) -> Option<Problem> {
    length(text, ROLE_ARN_LENGTH).or_else(|| {
        let is_role = Arn::parse(text).is_some_and(|arn| arn.is_role());
        (!is_role).then(|| {
            Problem::new(
                NOT_A_ROLE,
                "is not a role's ARN; one looks like arn:aws:iam::123456789012:role/my-role",
            )
        })
    })
}

/// What is wrong with a parameter's name, if anything.
pub fn parameter_name(name: &str) -> Option<Problem> {
    length(name, PARAMETER_NAME_LENGTH).or_else(|| {
        let fits = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (!fits).then(|| {
            Problem::new(
                FindingCode::InvalidCharacters,
                "can't be sent: a parameter's name may hold letters a-z and A-Z, digits, - and _",
            )
        })
    })
}

/// What is wrong with a parameter's value, if anything.
pub fn parameter_value(value: &str) -> Option<Problem> {
    if value.is_empty() {
        return Some(Problem::new(
            FindingCode::Empty,
            "is empty, which SageMaker refuses; leave the value out to have the pipeline's default \
             apply",
        ));
    }
    length(value, PARAMETER_VALUE_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipelines_name_follows_the_models_pattern() {
        for name in ["a", "A9", "my-pipeline", "a--b", &"a".repeat(256)] {
            assert_eq!(pipeline_name(name), None, "{name}");
        }
        for name in ["", "-a", "a-", "a b", "a_b", "é", &"a".repeat(257)] {
            assert!(pipeline_name(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_role_is_an_iam_roles_arn_of_the_models_length() {
        let prefix = "arn:aws:iam::123456789012:role/";
        assert_eq!(role_arn(&format!("{prefix}r")), None);
        assert!(role_arn("arn:aws:iam::123456789012:user/u").is_some());
        assert!(role_arn(&format!("{prefix}{}", "r".repeat(2048))).is_some());
    }
}
