//! Makes text from a plugin or a platform fit for a terminal, a line-based log or a page.
//!
//! Whoever writes a job's name or an error message must not be able to move the cursor of a terminal,
//! to forge a line of a log, or to let text read otherwise than it is written. The host cleans what
//! leaves it: a plugin's answers and its description. These functions are public for text that a host
//! shows and that comes from elsewhere, such as the names of files.
//!
//! `console::strip_ansi_codes` was considered: it removes whole escape sequences, but leaves other
//! control characters and the marks that turn the direction of writing. The standard library's
//! `escape_debug` escapes quotes and backslashes too, and JSON is full of them.

pub(crate) mod answer;
pub(crate) mod description;
mod job;
mod left_out;
mod member;
mod run;
pub(crate) mod statuses;

use std::borrow::Cow;
use std::fmt::Write;

/// The most bytes of a text that is meant to be one line: a name, a label, a state.
pub const LINE_BYTES: usize = 4 << 10;

/// The most bytes of a text that may have several lines: a message, a help text.
pub const PARAGRAPH_BYTES: usize = 16 << 10;

/// The text as one line of at most `limit` bytes: its beginning, with a space for each line break and tab and U+FFFD
/// for each other character that [`is_unsafe`], and how much was cut.
#[must_use]
pub fn line(text: &str, limit: usize) -> Cow<'_, str> {
    clean(text, limit, ' ')
}

/// The text with its line breaks, each as `\n`, but for white space at its end; otherwise like
/// [`line()`].
#[must_use]
pub fn paragraph(text: &str, limit: usize) -> Cow<'_, str> {
    clean(text.trim_end(), limit, '\n')
}

/// The text as one line without white space at its end, with an escape such as `\n` or `\u{1b}` for
/// each character that [`is_unsafe`], and how much was cut: for logs, which say what a text was and not
/// only that it was not right.
#[must_use]
pub fn escaped(text: &str, limit: usize) -> Cow<'_, str> {
    let text = text.trim_end();
    let (start, cut) = cut(text, limit);
    if cut == 0 && is_plain(start) {
        return Cow::Borrowed(start);
    }
    let mut line = String::with_capacity(start.len());
    for (at, c) in start.char_indices() {
        let before = line.len();
        if is_unsafe(c) {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
        if line.len() > limit {
            line.truncate(before);
            note_cut(&mut line, text.len() - at);
            return Cow::Owned(line);
        }
    }
    note_cut(&mut line, cut);
    Cow::Owned(line)
}

/// Whether a character can forge a line or change how other characters are shown: control
/// characters, separators of lines, marks that turn the direction of writing, and characters that
/// can't be seen. The two joiners aren't among the last, because emoji and the scripts of several
/// languages need them.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, Mongolian vowel separator, zero-width spaces.
            '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
            // Letters without a shape: fillers of Hangul, vowels of Khmer; marks of shorthand and music.
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Marks, embeddings, overrides and isolates of direction.
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Separators of lines and paragraphs.
            | '\u{2028}' | '\u{2029}'
            // Annotations and tags, with what is kept for more of them.
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Whether a text has ASCII's visible characters and spaces only, as most texts do.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The first `limit` bytes of a text, and how many more it has.
fn cut(text: &str, limit: usize) -> (&str, usize) {
    let (start, rest) = text.split_at(text.floor_char_boundary(limit));
    (start, rest.len())
}

fn note_cut(line: &mut String, cut: usize) {
    if cut > 0 {
        // Writing to a string can't fail.
        let _ = write!(line, " … ({cut} more bytes)");
    }
}

fn clean(text: &str, limit: usize, line_break: char) -> Cow<'_, str> {
    let (start, cut) = cut(text, limit);
    let stays = |c: char| !is_unsafe(c) || c == '\n' && line_break == '\n';
    if cut == 0 && (is_plain(start) || start.chars().all(stays)) {
        return Cow::Borrowed(start);
    }
    let mut cleaned = String::with_capacity(start.len());
    let mut characters = start.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let c = match c {
            '\r' if characters.peek().is_some_and(|(_, next)| *next == '\n') => continue,
            '\n' => line_break,
            '\t' => ' ',
            c if is_unsafe(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        };
        // What stands in for an unsafe character may be longer than it.
        if cleaned.len() + c.len_utf8() > limit {
            note_cut(&mut cleaned, text.len() - at);
            return Cow::Owned(cleaned);
        }
        cleaned.push(c);
    }
    note_cut(&mut cleaned, cut);
    Cow::Owned(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_does_nothing() {
        assert_eq!(
            line("a\x1b[31mb\u{9b}2J\u{7}", 100),
            "a\u{fffd}[31mb\u{fffd}2J\u{fffd}"
        );
        assert_eq!(paragraph("a\x1b[31mb", 100), "a\u{fffd}[31mb");
    }

    #[test]
    fn a_mark_that_turns_the_direction_of_writing_does_nothing() {
        for mark in ["\u{202e}", "\u{2066}", "\u{200f}", "\u{61c}"] {
            assert_eq!(line(&format!("a{mark}b"), 100), "a\u{fffd}b");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_seen() {
        for mark in [
            "\u{200b}",
            "\u{feff}",
            "\u{ad}",
            "\u{e0041}",
            "\u{115f}",
            "\u{1160}",
            "\u{17b4}",
            "\u{2065}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{fff0}",
            "\u{1bca0}",
            "\u{1d173}",
            "\u{e0080}",
        ] {
            assert_eq!(line(&format!("a{mark}b"), 100), "a\u{fffd}b");
        }
    }

    #[test]
    fn other_languages_and_emoji_stay_as_they_are() {
        for text in [
            "Übung 試験 اختبار",
            "می\u{200c}خواهم",
            "👩\u{200d}🔬 ⚙\u{fe0f}",
        ] {
            assert_eq!(line(text, 100), text);
        }
    }

    #[test]
    fn a_line_has_no_line_break_and_a_paragraph_keeps_them() {
        let text = "first\r\nsecond\n\tthird\u{2028}fourth\rfifth\n";
        assert_eq!(
            line(text, 100),
            "first second  third\u{fffd}fourth\u{fffd}fifth "
        );
        assert_eq!(
            paragraph(text, 100),
            "first\nsecond\n third\u{fffd}fourth\u{fffd}fifth"
        );
    }

    #[test]
    fn a_log_line_says_what_was_there() {
        assert_eq!(
            escaped(
                "first\nERROR second\r\u{1b}[31m\u{2028}\u{202e}third\u{0}",
                1_000
            ),
            "first\\nERROR second\\r\\u{1b}[31m\\u{2028}\\u{202e}third\\u{0}"
        );
        assert_eq!(escaped(r#"{"a": "b\\"}"#, 100), r#"{"a": "b\\"}"#);
    }

    #[test]
    fn a_long_text_is_cut_between_two_characters() {
        for shorten in [line, paragraph, escaped] {
            assert_eq!(shorten("abcdef", 6), "abcdef");
            assert_eq!(shorten("abcdef", 4), "abcd … (2 more bytes)");
            assert_eq!(shorten("aéé", 2), "a … (4 more bytes)");
            assert_eq!(shorten("aéé", 3), "aé … (2 more bytes)");
        }
    }

    /// U+FFFD has three bytes, and an escape has more.
    #[test]
    fn what_stands_in_for_unsafe_characters_is_within_the_limit_too() {
        let text = "\u{1}".repeat(1_000);
        assert_eq!(line(&text, 7), "\u{fffd}\u{fffd} … (998 more bytes)");
        assert_eq!(paragraph(&text, 7), "\u{fffd}\u{fffd} … (998 more bytes)");
        assert_eq!(escaped(&text, 7), "\\u{1} … (999 more bytes)");
        assert_eq!(line("ab\u{1}", 3), "ab … (1 more bytes)");
    }
}
