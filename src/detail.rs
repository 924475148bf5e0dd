//! A detail of an execution or a step: a named text for display, of bounded length.

use job_type_kit::contract::Attribute;
use job_type_kit::non_blank;

/// How many characters of a text are shown. The item of an iteration can have 12,800 (API model:
/// `IterationContext`), and a page has a hundred steps.
pub const CHARACTERS: usize = 1_000;

/// The detail, if there is a text that is not blank. An ellipsis stands for what is too long.
pub fn detail(name: &str, text: Option<String>) -> Option<Attribute> {
    non_blank(text).map(|text| Attribute::new(name, cut(text)))
}

fn cut(mut text: String) -> String {
    let mut ends = text.char_indices().skip(CHARACTERS - 1);
    if let (Some((end, _)), Some(_)) = (ends.next(), ends.next()) {
        text.truncate(end);
        text.push('…');
    }
    text
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
