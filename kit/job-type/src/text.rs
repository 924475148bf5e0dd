//! Texts that count as missing where they are blank, texts within texts, and the beginnings of long
//! texts.

/// The text, unless it is empty or consists of white space.
pub fn non_blank<T: AsRef<str>>(text: Option<T>) -> Option<T> {
    text.filter(|text| !text.as_ref().trim().is_empty())
}

/// Whether a text contains another. `str::contains` finds it faster in a long text, but its code is in
/// a component once for each use, and it is long.
pub fn contains(text: &str, part: &str) -> bool {
    part.is_empty()
        || text
            .as_bytes()
            .windows(part.len())
            .any(|window| window == part.as_bytes())
}

/// The text, or where it has more characters its beginning, with an ellipsis as the last of them.
#[must_use]
pub fn cut(mut text: String, characters: usize) -> String {
    let mut ends = text.char_indices().skip(characters.saturating_sub(1));
    if let (Some((end, _)), Some(_)) = (ends.next(), ends.next()) {
        text.truncate(end);
        text.shrink_to_fit();
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        for (text, expected) in [("été", "été"), ("étés", "ét…"), ("", "")] {
            assert_eq!(cut(text.to_owned(), 3), expected);
        }
    }

    #[test]
    fn a_text_is_found_at_the_beginning_in_the_middle_and_at_the_end() {
        for part in ["é", "ét", "té", "été", ""] {
            assert!(contains("été", part), "{part}");
        }
        for (text, part) in [("été", "éé"), ("ét", "été"), ("", "é")] {
            assert!(!contains(text, part), "{text} {part}");
        }
    }
}
