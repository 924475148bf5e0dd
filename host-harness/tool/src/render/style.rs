//! Colours and glyphs.

use anstyle::{AnsiColor, Style};
use polysync_host::contract::RunState;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();

pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The colour of a state.
pub(crate) fn for_state(state: RunState) -> Style {
    match state {
        RunState::Running => HINT,
        RunState::Success => GOOD,
        RunState::Failed => BAD,
        RunState::Cancelled => WARNING,
        RunState::Unknown => DIM,
    }
}

/// One character for a state, in its colour.
pub(crate) fn glyph(state: RunState) -> String {
    let glyph = match state {
        RunState::Running => '●',
        RunState::Success => '✓',
        RunState::Failed => '✗',
        RunState::Cancelled => '⊘',
        RunState::Unknown => '○',
    };
    paint(for_state(state), glyph)
}
