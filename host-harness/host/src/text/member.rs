//! One member of an answer: text is cleaned, and what a host sends back or passes on is checked.

use std::borrow::Cow;

use url::Url;

use super::{LINE_BYTES, PARAGRAPH_BYTES, is_unsafe, line, paragraph};
use crate::contract::Attribute;

/// The most bytes of an identifier, which a host sends back as it is.
const IDENTIFIER_BYTES: usize = 64 << 10;

/// The most bytes of a value, which a host may pass on to another job.
const VALUE_BYTES: usize = 256 << 10;

/// The most bytes of one line of a job's log.
const LOG_LINE_BYTES: usize = 256 << 10;

/// The most bytes of what a person decides about.
const SHORT_BYTES: usize = 256;

/// A member that can't be cleaned, because a host needs it as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member} {problem}")]
pub(crate) struct Unfit {
    /// Its name in the contract.
    member: &'static str,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("holds U+{:04X}, which is not a visible character", u32::from(*.0))]
    Unsafe(char),
    #[error("is longer than {0} bytes")]
    TooLong(usize),
    #[error("has more than {0} entries")]
    TooMany(usize),
    #[error("has a length of {found} for {asked} runs")]
    OtherLength { found: usize, asked: usize },
    #[error("is not the URL of a page (`https://` or `http://`)")]
    NotAPage,
}

pub(super) fn clean_line(text: &mut String) {
    replace(text, |text| line(text, LINE_BYTES));
}

pub(super) fn clean_log_line(text: &mut String) {
    replace(text, |text| line(text, LOG_LINE_BYTES));
}

pub(super) fn clean_paragraph(text: &mut String) {
    replace(text, |text| paragraph(text, PARAGRAPH_BYTES));
}

pub(super) fn clean_details(details: &mut [Attribute]) {
    for detail in details {
        clean_line(&mut detail.name);
        clean_paragraph(&mut detail.value);
    }
}

fn replace(text: &mut String, clean: impl FnOnce(&str) -> Cow<'_, str>) {
    match clean(text) {
        // It begins as the text does.
        Cow::Borrowed(start) => text.truncate(start.len()),
        Cow::Owned(cleaned) => *text = cleaned,
    }
}

/// Refuses a list that is too long.
pub(super) fn check_count(member: &'static str, count: usize, most: usize) -> Result<(), Unfit> {
    if count > most {
        let problem = Problem::TooMany(most);
        return Err(Unfit { member, problem });
    }
    Ok(())
}

/// Refuses a list of results that isn't as long as the list of runs that it is for.
pub(super) fn check_results(member: &'static str, found: usize, asked: usize) -> Result<(), Unfit> {
    if found != asked {
        let problem = Problem::OtherLength { found, asked };
        return Err(Unfit { member, problem });
    }
    Ok(())
}

/// Refuses what isn't one short line, in a member that a person decides about.
pub(super) fn check_short(member: &'static str, text: &str) -> Result<(), Unfit> {
    check(member, text, SHORT_BYTES, is_unsafe)
}

/// Refuses what can't be shown, in a member that a host sends back to the letter.
pub(super) fn check_identifier(member: &'static str, text: &str) -> Result<(), Unfit> {
    check(member, text, IDENTIFIER_BYTES, is_unsafe)
}

/// Refuses what can't be shown in a member that is data. Line breaks and tabs are data.
pub(super) fn check_value(member: &'static str, text: &str) -> Result<(), Unfit> {
    check(member, text, VALUE_BYTES, |c| {
        is_unsafe(c) && !matches!(c, '\n' | '\r' | '\t')
    })
}

/// Refuses what isn't the URL of a page: a browser would run a `javascript:` one.
pub(super) fn check_url(member: &'static str, text: &str) -> Result<(), Unfit> {
    check(member, text, LINE_BYTES, is_unsafe)?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(()),
        _ => Err(Unfit {
            member,
            problem: Problem::NotAPage,
        }),
    }
}

fn check(
    member: &'static str,
    text: &str,
    limit: usize,
    is_refused: impl Fn(char) -> bool,
) -> Result<(), Unfit> {
    let problem = if text.len() > limit {
        Problem::TooLong(limit)
    } else {
        match text.chars().find(|c| is_refused(*c)) {
            Some(c) => Problem::Unsafe(c),
            None => return Ok(()),
        }
    };
    Err(Unfit { member, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_one_visible_line() {
        assert_eq!(check_identifier("run-id", "arn:aws:x:1/ä"), Ok(()));
        let problem = |text: &str| {
            let error = check_identifier("run-id", text).expect_err("refused");
            error.to_string()
        };
        assert_eq!(
            problem("a\x1bb"),
            "run-id holds U+001B, which is not a visible character"
        );
        assert_eq!(
            problem("a\n"),
            "run-id holds U+000A, which is not a visible character"
        );
        assert_eq!(
            problem(&"a".repeat(IDENTIFIER_BYTES + 1)),
            "run-id is longer than 65536 bytes"
        );
    }

    #[test]
    fn a_value_may_have_lines_and_tabs() {
        assert_eq!(check_value("value", "{\r\n\t\"a\": 1\n}"), Ok(()));
        assert!(check_value("value", "a\x1b").is_err());
        assert!(check_value("value", &"a".repeat(VALUE_BYTES + 1)).is_err());
    }

    #[test]
    fn only_the_url_of_a_page_is_a_link() {
        for page in ["https://example.com/a?b#c", "http://127.0.0.1:1/"] {
            assert_eq!(check_url("url", page), Ok(()));
        }
        for other in [
            "javascript:alert(1)",
            "data:text/html,a",
            "file:///etc/passwd",
            "//example.com",
            "https://example.com/\n",
            "https://example.com/\u{202e}",
            "",
            &format!("https://example.com/{}", "a".repeat(LINE_BYTES)),
        ] {
            assert!(check_url("url", other).is_err(), "{other:?}");
        }
    }
}
