//! Cleans and checks what a plugin answers, before it leaves the library.
//!
//! | what it is | which members | what happens to it |
//! | --- | --- | --- |
//! | one line | names, labels, kinds, states, codes, `request-id`, `resource-id`, `field`, names of details | cleaned, at most 4 KiB |
//! | a paragraph | messages, hints, descriptions, `reason`, values of details | cleaned, with its line breaks, at most 16 KiB |
//! | an identifier, which the host sends back | `run-id`, `next-cursor`, `cursor`, `external-id` of a job, `name` of a parameter or output | to the letter, or refused; at most 64 KiB |
//! | a line of a log | `message` of a line | cleaned, at most 256 KiB |
//! | a need | capability, value | to the letter, or refused; one line of at most 256 bytes |
//! | a value, which the host may pass on | `default-value`, `allowed-values`, values of `outputs` | to the letter, line breaks and tabs included, or refused; at most 256 KiB |
//! | a link | `url`, the answer of `monitor-url` | to the letter, or refused: an `https` or `http` URL, at most 4 KiB |
//!
//! The platform's users choose the names of jobs and parameters. One that is refused leaves out its
//! own job, parameter, output or link, and a note or detail says so; the rest of the answer stands.
//! Where the whole answer is about what is refused, the call fails with
//! [`CallFault::UnfitAnswer`](crate::CallFault::UnfitAnswer).

use super::member::{
    Unfit, check_count, check_short, check_url, clean_details, clean_line, clean_paragraph,
};
use crate::contract::{ConnectionReport, Error, ErrorClass, Finding, Need};
use crate::sandbox::fault::CallFault;

/// Needs of a connection.
const NEEDS: usize = 256;

/// What a plugin answers.
pub(crate) trait Clean {
    /// Cleans the text in it. An error if it holds what can't be cleaned, and can't be left out.
    fn clean(&mut self) -> Result<(), Unfit>;
}

/// The answer as it leaves the library.
pub(crate) fn cleaned<T: Clean>(mut answer: T) -> Result<T, CallFault> {
    match answer.clean() {
        Ok(()) => Ok(answer),
        Err(unfit) => Err(CallFault::UnfitAnswer {
            problem: unfit.to_string(),
        }),
    }
}

impl<T: Clean> Clean for Result<T, Error> {
    fn clean(&mut self) -> Result<(), Unfit> {
        match self {
            Ok(answer) => answer.clean(),
            Err(error) => {
                clean_error(error);
                Ok(())
            }
        }
    }
}

pub(super) fn clean_error(error: &mut Error) {
    let Error {
        class,
        code,
        message,
        hint,
        retryable,
        request_id,
        details,
    } = error;
    // A host that reads nothing else mustn't do twice what may be done.
    *retryable &= *class != ErrorClass::Uncertain;
    clean_line(code);
    clean_paragraph(message);
    clean_paragraph(hint);
    request_id.iter_mut().for_each(clean_line);
    clean_details(details);
}

impl Clean for Vec<Finding> {
    fn clean(&mut self) -> Result<(), Unfit> {
        for Finding {
            severity: _,
            code,
            field,
            message,
        } in self
        {
            clean_line(code);
            clean_line(field);
            clean_paragraph(message);
        }
        Ok(())
    }
}

impl Clean for ConnectionReport {
    fn clean(&mut self) -> Result<(), Unfit> {
        let Self { message, details } = self;
        clean_paragraph(message);
        clean_details(details);
        Ok(())
    }
}

/// The answer of `needs`.
impl Clean for Vec<Need> {
    fn clean(&mut self) -> Result<(), Unfit> {
        check_count("needs", self.len(), NEEDS)?;
        for Need { capability, value } in self {
            check_short("capability", capability)?;
            check_short("value", value)?;
        }
        Ok(())
    }
}

/// The answer of `monitor-url`.
impl Clean for String {
    fn clean(&mut self) -> Result<(), Unfit> {
        check_url("the URL", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(value: &str) -> Need {
        Need {
            capability: "http".to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn needs_that_cannot_be_shown_to_a_person_are_refused() {
        let origin = "https://api.example.com";
        assert!(vec![need(origin); 256].clean().is_ok());
        for needs in [
            vec![need(origin); 257],
            vec![need(&"a".repeat(257))],
            vec![need("https://api.example.com\u{1b}[2J")],
            vec![need(
                "https://api.example.com\nhttp https://other.example.com",
            )],
        ] {
            assert!(needs.clone().clean().is_err(), "{:?}", needs.first());
        }
    }

    #[test]
    fn a_link_that_is_not_a_page_is_refused() {
        assert!("javascript:alert(1)".to_owned().clean().is_err());
    }
}
