//! Text from the platform, made fit for a terminal.
//!
//! `console::strip_ansi_codes` was considered: it takes out whole escape sequences, but leaves other
//! control characters and the marks that turn the direction of writing around.

/// The text with U+FFFD in place of each control character but the line ends. What somebody typed
/// into a name or a reason must not move the cursor or change the colours of an operator's terminal.
pub(crate) fn lines(text: &str) -> String {
    text.trim_end()
        .replace("\r\n", "\n")
        .chars()
        .map(|c| {
            if c != '\n' && is_harmful(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// The same in one line, with a space for each line end.
pub(crate) fn line(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// The same with all lines but the first indented.
pub(crate) fn hanging(text: &str, indent: usize) -> String {
    lines(text).replace('\n', &format!("\n{:indent$}", ""))
}

/// Control characters, and the marks that turn the direction of writing around.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
