//! Reporting events, in one of three forms: lines, a live display, or JSON. `run` and `serve` share
//! them.

mod json;
mod lines;
mod live;
mod panel;
pub(crate) mod reporter;

use std::io::{self, IsTerminal};

use self::reporter::{Reporter, Subject};
use crate::output::Output;

/// The form that the output asks for: on a terminal the live display, unless log lines would run
/// through it.
pub(crate) fn new(output: Output, subject: Subject, verbose: u8) -> Box<dyn Reporter> {
    let is_terminal =
        io::stdout().is_terminal() && console::Term::stderr().features().is_attended();
    match output {
        Output::Json | Output::JsonLines => Box::new(json::Json),
        Output::Text if is_terminal && verbose == 0 => Box::new(live::Live::new(subject)),
        Output::Text => Box::new(lines::Lines::new(subject)),
    }
}
