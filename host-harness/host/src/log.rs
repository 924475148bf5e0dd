//! The capability `log`: a plugin's lines, passed on to `tracing` under the target `plugin`.
//!
//! A line is one line and stays as long as the limit says: characters that could forge another line,
//! or change how a terminal shows this one, are written as escapes.

use std::fmt::Write;

use tracing::{debug, error, info, trace, warn};

use crate::call::CallState;
use crate::contract::capabilities::log::{self, Level};

/// What a call has logged so far.
#[derive(Debug)]
pub(crate) struct CallLog {
    lines_left: u32,
    /// The last line of level `error`: that of the panic, if the call ends in one.
    last_error: Option<String>,
}

impl CallLog {
    pub(crate) fn new(lines: u32) -> Self {
        Self {
            lines_left: lines,
            last_error: None,
        }
    }

    pub(crate) fn into_last_error(self) -> Option<String> {
        self.last_error
    }
}

impl log::Host for CallState {
    fn write(&mut self, level: Level, message: String) {
        let line = one_line(&message, self.session.limits.log_line_bytes);
        if level == Level::Error {
            self.log.last_error = Some(line.clone());
        }
        let (plugin, version, call) = (&*self.plugin.id, &*self.plugin.version, self.function);
        let (generation, sha256) = (self.plugin.generation, self.plugin.digest.short());
        let Some(left) = self.log.lines_left.checked_sub(1) else {
            return;
        };
        self.log.lines_left = left;
        match level {
            Level::Trace => {
                trace!(target: "plugin", plugin, version, generation, sha256, call, "{line}")
            }
            Level::Debug => {
                debug!(target: "plugin", plugin, version, generation, sha256, call, "{line}")
            }
            Level::Info => {
                info!(target: "plugin", plugin, version, generation, sha256, call, "{line}")
            }
            Level::Warn => {
                warn!(target: "plugin", plugin, version, generation, sha256, call, "{line}")
            }
            Level::Error => {
                error!(target: "plugin", plugin, version, generation, sha256, call, "{line}")
            }
        }
        if left == 0 {
            let limit = self.session.limits.log_lines;
            warn!(
                target: "plugin", plugin, version, generation, sha256, call,
                "the further lines of this call are dropped: {limit} are allowed (`Limits::log_lines`)"
            );
        }
    }
}

/// A message as one line of at most `limit` bytes, before escapes.
fn one_line(message: &str, limit: usize) -> String {
    let kept = &message[..message.floor_char_boundary(limit)];
    let mut line = String::with_capacity(kept.len());
    for c in kept.trim_end().chars() {
        if is_unsafe(c) {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    let cut = message.len() - kept.len();
    if cut > 0 {
        // Writing to a string can't fail.
        let _ = write!(line, " … ({cut} more bytes)");
    }
    line
}

/// Control characters, separators of lines, and marks that turn the direction of text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::log::Host;
    use super::*;
    use crate::grants::Grants;
    use crate::limits::Limits;
    use crate::testing::{ManualClock, call_state, credentials, no_network};

    #[test]
    fn a_plugin_cannot_forge_a_line() {
        assert_eq!(
            one_line(
                "first\nERROR second\r\u{1b}[31m\u{2028}\u{202e}third\u{0}",
                1_000
            ),
            "first\\nERROR second\\r\\u{1b}[31m\\u{2028}\\u{202e}third\\u{0}"
        );
    }

    #[test]
    fn lines_past_the_limit_are_dropped_but_the_last_error_is_known() {
        let limits = Limits {
            log_lines: 2,
            ..Limits::recommended()
        };
        let mut state = call_state(
            limits,
            Grants::none(),
            no_network(),
            credentials(),
            ManualClock::new(),
        );
        for line in ["one", "two", "three"] {
            state.write(Level::Info, line.to_owned());
        }
        assert_eq!(state.log.lines_left, 0);
        state.write(Level::Error, "panicked".to_owned());
        state.write(Level::Info, "four".to_owned());
        assert_eq!(state.log.into_last_error().as_deref(), Some("panicked"));
    }

    #[test]
    fn a_long_line_is_cut_between_two_characters() {
        assert_eq!(one_line("abcdef", 6), "abcdef");
        assert_eq!(one_line("abcdef", 4), "abcd … (2 more bytes)");
        assert_eq!(one_line("aéé", 2), "a … (4 more bytes)");
        assert_eq!(one_line("aéé", 3), "aé … (2 more bytes)");
    }
}
