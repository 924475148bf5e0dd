//! The limits of the API's model, each with a function that returns what is wrong with a value.
//! Lengths are in characters (Unicode scalar values), as in the model.

use std::num::IntErrorKind;

use aws_kit::arn::Arn;
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

/// What is wrong with a text's length, if anything.
pub fn length(text: &str, (least, most): (u32, u32)) -> Option<Problem> {
    let count = text.chars().count();
    let number = u32::try_from(count).unwrap_or(u32::MAX);
    let code = match number {
        _ if (least..=most).contains(&number) => return None,
        0 => FindingCode::Empty,
        _ if number < least => FindingCode::TooShort,
        _ => FindingCode::TooLong,
    };
    let message = format!("has {count} characters; it may have {least} to {most}");
    Some(Problem::new(code, message))
}

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

/// `.*`, where the dot is Java's: any character but a line's end.
pub fn single_line(text: &str) -> Option<Problem> {
    text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .then(|| Problem::new(FindingCode::MultipleLines, "has to be a single line"))
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

/// Reads a whole number of at least `minimum`.
///
/// # Errors
/// What is wrong with the text.
pub fn whole_number<T: TryFrom<i64>>(text: &str, minimum: i64) -> Result<T, Problem> {
    at_least(text, minimum).and_then(|number| {
        T::try_from(number).map_err(|_| not_a_number(FindingCode::OutOfRange, text, minimum))
    })
}

// Not generic, so that the component holds it once.
fn at_least(text: &str, minimum: i64) -> Result<i64, Problem> {
    let code = match text.trim().parse::<i64>() {
        Ok(number) if number >= minimum => return Ok(number),
        Ok(_) => FindingCode::OutOfRange,
        Err(error) => match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => FindingCode::OutOfRange,
            _ => FindingCode::NotAnInteger,
        },
    };
    Err(not_a_number(code, text, minimum))
}

fn not_a_number(code: FindingCode, text: &str, minimum: i64) -> Problem {
    let message = format!("is {text:?}; it has to be a whole number, {minimum} or more");
    Problem::new(code, message)
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
    fn lengths_are_in_characters() {
        assert_eq!(length("éé", (1, 2)), None);
        assert_eq!(length("", (0, 2)), None);
        for (text, limits, code) in [
            ("ééé", (1, 2), FindingCode::TooLong),
            ("é", (2, 3), FindingCode::TooShort),
            ("", (2, 3), FindingCode::Empty),
        ] {
            assert_eq!(length(text, limits).unwrap().code, code, "{text}");
        }
    }

    #[test]
    fn a_role_is_an_iam_roles_arn_of_the_models_length() {
        let prefix = "arn:aws:iam::123456789012:role/";
        assert_eq!(role_arn(&format!("{prefix}r")), None);
        assert!(role_arn("arn:aws:iam::123456789012:user/u").is_some());
        assert!(role_arn(&format!("{prefix}{}", "r".repeat(2048))).is_some());
    }

    #[test]
    fn a_whole_number_has_its_least_value_and_fits_its_type() {
        assert_eq!(whole_number("1", 1), Ok(1));
        assert_eq!(whole_number(" 50 ", 1), Ok(50));
        assert_eq!(whole_number("2147483648", 1), Ok(2_147_483_648_i64));
        for (text, code) in [
            ("0", FindingCode::OutOfRange),
            ("-1", FindingCode::OutOfRange),
            ("2147483648", FindingCode::OutOfRange),
            ("123456789012345678901", FindingCode::OutOfRange),
            ("-123456789012345678901", FindingCode::OutOfRange),
            ("1.5", FindingCode::NotAnInteger),
            ("many", FindingCode::NotAnInteger),
            ("", FindingCode::NotAnInteger),
        ] {
            let problem = whole_number::<i32>(text, 1).unwrap_err();
            assert_eq!(problem.code, code, "{text}");
        }
    }
}
