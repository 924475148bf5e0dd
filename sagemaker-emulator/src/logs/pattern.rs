//! The filter patterns that the emulator knows: terms and quoted phrases, all of which an event has to
//! contain.

use crate::api::error::ServiceError;

/// A parsed filter pattern.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilterPattern(Vec<String>);

impl FilterPattern {
    /// Parses a pattern. An empty one matches every event.
    pub(super) fn parse(pattern: &str) -> Result<Self, ServiceError> {
        let mut terms = Vec::new();
        let mut rest = pattern.trim_start();
        while !rest.is_empty() {
            let (term, after) = match rest.strip_prefix('"') {
                Some(quoted) => phrase(quoted).ok_or_else(|| refusal(pattern))?,
                None => word(rest).ok_or_else(|| refusal(pattern))?,
            };
            if !after.is_empty() && !after.starts_with(char::is_whitespace) {
                return Err(refusal(pattern));
            }
            terms.push(term);
            rest = after.trim_start();
        }
        Ok(Self(terms))
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        self.0.iter().all(|term| message.contains(term.as_str()))
    }
}

/// A phrase up to its closing quote, and what follows. A backslash makes the next character part of
/// the phrase.
fn phrase(text: &str) -> Option<(String, &str)> {
    let mut phrase = String::new();
    let mut characters = text.char_indices();
    while let Some((position, character)) = characters.next() {
        match character {
            '"' => return Some((phrase, text.get(position + 1..)?)),
            '\\' => phrase.push(characters.next()?.1),
            _ => phrase.push(character),
        }
    }
    None
}

/// A term of letters, digits and underscores, and what follows.
fn word(text: &str) -> Option<(String, &str)> {
    let end = text
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then(|| (word.to_owned(), rest))
}

fn refusal(pattern: &str) -> ServiceError {
    ServiceError::invalid_parameter(format!(
        "Invalid filter pattern: {pattern}. The emulator supports terms of letters, digits and \
         underscores, and phrases in double quotes."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, message: &str) -> bool {
        FilterPattern::parse(pattern).unwrap().matches(message)
    }

    #[test]
    fn every_term_and_phrase_has_to_be_in_the_event() {
        for pattern in [
            "",
            "  ",
            "ERROR",
            "memory ERROR",
            "\"Out of memory\" ERROR",
            "größe_1",
        ] {
            assert!(
                matches(pattern, "ERROR: Out of memory, größe_1"),
                "{pattern}"
            );
        }
        for pattern in ["error", "ERROR disk", "\"memory Out\"", "\"Out  of\""] {
            assert!(!matches(pattern, "ERROR: Out of memory"), "{pattern}");
        }
    }

    #[test]
    fn a_phrase_can_contain_quotes_and_punctuation() {
        assert!(matches(r#""say \"no\" {x}""#, r#"They say "no" {x}."#));
        assert!(!matches(r#""say \"no\" {x}""#, "They say no {x}."));
    }

    #[test]
    fn other_patterns_are_refused() {
        for pattern in [
            "{ $.level = \"ERROR\" }",
            "[ip, user]",
            "?ERROR ?WARN",
            "-INFO",
            "%ERR.*%",
            "a-b",
            "\"open",
            "\"a\"b",
            "\"a\\",
        ] {
            let error = FilterPattern::parse(pattern).unwrap_err();
            assert_eq!(error.code, "InvalidParameterException");
            assert!(
                error.message.contains("supports terms"),
                "{}",
                error.message
            );
        }
    }
}
