//! Text from outside, made fit for a terminal and laid out. What comes from the library is clean
//! already; names of files, what is in them and the words of the command line are not.

use polysync_host::text;

/// The text with its line breaks; nothing in it moves the cursor or changes the colours of a terminal.
pub(crate) fn lines(text: &str) -> String {
    text::paragraph(text, usize::MAX).into_owned()
}

/// The same in one line, with a space for each line end.
pub(crate) fn line(text: &str) -> String {
    text::line(text.trim_end(), usize::MAX).into_owned()
}

/// The same with all lines but the first indented.
pub(crate) fn hanging(text: &str, indent: usize) -> String {
    lines(text).replace('\n', &format!("\n{:indent$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_from_the_platform_does_nothing() {
        assert_eq!(line("a\x1b[31mb"), "a\u{fffd}[31mb");
    }

    #[test]
    fn a_mark_that_turns_the_direction_of_writing_does_nothing() {
        assert_eq!(line("a\u{202e}b"), "a\u{fffd}b");
    }

    #[test]
    fn further_lines_are_indented() {
        assert_eq!(hanging("first\r\nsecond\n", 4), "first\n    second");
    }
}
