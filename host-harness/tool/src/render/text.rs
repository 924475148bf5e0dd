//! Text from the platform, made fit for a terminal.

/// The text without control characters: what a platform's user typed into a name or a reason must
/// not move the cursor or change the colours of an operator's terminal. Line ends stay.
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

/// The same in one line.
pub(crate) fn line(text: &str) -> String {
    lines(text).replace('\n', " ")
}

/// With all lines but the first indented.
pub(crate) fn hanging(text: &str, indent: usize) -> String {
    lines(text).replace('\n', &format!("\n{:indent$}", ""))
}

/// A word for a shell's command line, in quotes where it needs them.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Controls, and the marks that turn the direction of writing around.
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
    fn further_lines_are_indented() {
        assert_eq!(hanging("first\r\nsecond\n", 4), "first\n    second");
    }

    #[test]
    fn a_word_for_the_shell_is_quoted_only_where_it_must_be() {
        assert_eq!(
            shell_word("arn:aws:x:eu-west-1:1:pipeline/a"),
            "arn:aws:x:eu-west-1:1:pipeline/a"
        );
        assert_eq!(shell_word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_word(""), "''");
    }
}
