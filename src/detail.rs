//! Texts for display, of bounded length: the details of an execution or a step, messages and words.

use job_type_kit::contract::Attribute;
use job_type_kit::{cut, non_blank};

/// How many characters of a text are shown. The item of an iteration can have 12,800 (API model:
/// `IterationContext`), and a page has a hundred steps.
pub const CHARACTERS: usize = 1_000;

/// How many characters of a message are shown: those of the model's longest text for people. An answer
/// has a thousand runs.
const OF_MESSAGE: usize = 3_072;

/// How many characters of a name or a word are shown. No name or word of the model is longer.
const OF_WORD: usize = 256;

/// The detail, if there is a text that is not blank. An ellipsis stands for what is too long.
pub fn detail(name: &str, text: Option<String>) -> Option<Attribute> {
    non_blank(text).map(|text| Attribute::new(name, cut(text, CHARACTERS)))
}

/// A message or a reason. An ellipsis stands for what is too long.
pub fn message(text: String) -> String {
    cut(text, OF_MESSAGE)
}

/// A name, or a word for a kind or a status. An ellipsis stands for what is too long.
pub fn word(text: String) -> String {
    cut(text, OF_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_thousand_characters_at_the_most() {
        let value = |length| detail("a", Some("é".repeat(length))).unwrap().value;
        assert_eq!(value(CHARACTERS), "é".repeat(CHARACTERS));
        let cut = value(CHARACTERS + 1);
        assert_eq!(cut.chars().count(), CHARACTERS);
        assert!(cut.ends_with("é…"));
    }

    #[test]
    fn a_blank_text_is_not_a_detail() {
        for text in [None, Some(String::new()), Some(" ".to_owned())] {
            assert_eq!(detail("a", text), None);
        }
    }
}
