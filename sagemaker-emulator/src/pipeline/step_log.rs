//! What a step writes to its log, as a test gives it.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes. CloudWatch Logs takes no longer event.
const LONGEST_LINE: usize = 256 * 1024;

/// The lines of a step's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepLog(Vec<String>);

/// The logs of a pipeline's steps, by the step's name.
pub(crate) type StepLogs = Arc<BTreeMap<String, StepLog>>;

impl StepLog {
    /// The lines of a file. Bytes that are not UTF-8 are replaced with U+FFFD, empty lines are left out,
    /// and longer lines than 256 KiB are split.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self(text.split('\n').flat_map(pieces).collect())
    }

    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }
}

/// The pieces of a line, each at most as long as an event may be.
fn pieces(mut line: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    while !line.is_empty() {
        let (piece, rest) = line.split_at(line.floor_char_boundary(LONGEST_LINE));
        pieces.push(piece.to_owned());
        line = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced() {
        let log = StepLog::parse(b"\xff\xfea\x00\rb\n\n\xc3\xa4\n");
        assert_eq!(log.lines(), ["\u{fffd}\u{fffd}a\0\rb", "ä"]);
    }

    #[test]
    fn a_longer_line_than_256_kib_is_split_between_characters() {
        let line = "x".to_owned() + &"ä".repeat(131_072);
        let log = StepLog::parse(line.as_bytes());
        let lengths: Vec<usize> = log.lines().iter().map(String::len).collect();
        assert_eq!(lengths, [262_143, 2]);
        assert_eq!(log.lines().concat(), line);
    }
}
