//! Limits that platforms have for values, each with a function that returns what is wrong with one.
//! Lengths are in characters (Unicode scalar values).

use std::num::IntErrorKind;

use crate::finding_code::{FindingCode, Problem};

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

/// What is wrong with a text that has to be one line of that many visible characters, as the contract
/// wants an external id, if anything.
pub fn visible_line(text: &str, length: (u32, u32)) -> Option<Problem> {
    self::length(text, length).or_else(|| {
        // The last two of the first plane are no characters, and XML and some services refuse them.
        let is_invisible = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
        let message = "has to be one line without control characters";
        text.contains(is_invisible)
            .then(|| Problem::new(FindingCode::InvalidCharacters, message))
    })
}

/// `.*`, where the dot is Java's: any character but a line's end.
pub fn single_line(text: &str) -> Option<Problem> {
    text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .then(|| Problem::new(FindingCode::MultipleLines, "has to be a single line"))
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
    fn a_visible_line_has_its_length_and_no_control_character() {
        assert_eq!(visible_line("Sales / daily é", (1, 255)), None);
        for (text, code) in [
            ("", FindingCode::Empty),
            ("abcd", FindingCode::TooLong),
            ("a\tb", FindingCode::InvalidCharacters),
            ("a\u{85}", FindingCode::InvalidCharacters),
            ("a\u{ffff}", FindingCode::InvalidCharacters),
        ] {
            assert_eq!(visible_line(text, (1, 3)).unwrap().code, code, "{text:?}");
        }
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
