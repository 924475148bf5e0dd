//! Writes the lines of logs, for a person or for a program.

use polysync_host::contract::LogLine;

use crate::failure::Failure;
use crate::json::log::StepLineView;
use crate::output::{Output, write_json_line, write_text};
use crate::render;

/// Where the lines of logs go.
pub(super) trait Lines {
    /// Begins with the log of a step, under a heading where there are several.
    fn begin(&mut self, step: &str, is_one_of_several: bool) -> Result<(), Failure>;

    /// Writes lines of the log that was begun.
    fn write(&mut self, step: &str, lines: &[LogLine]) -> Result<(), Failure>;
}

/// Writes to stdout.
#[derive(Debug)]
pub(super) struct Writer {
    output: Output,
    /// The source of the present log's first line.
    source: Option<String>,
    /// Whether the present log has lines of several sources.
    has_sources: bool,
    /// Whether lines are above.
    has_begun: bool,
}

impl Writer {
    pub(super) fn new(output: Output) -> Self {
        Self {
            output,
            source: None,
            has_sources: false,
            has_begun: false,
        }
    }
}

impl Lines for Writer {
    fn begin(&mut self, step: &str, is_one_of_several: bool) -> Result<(), Failure> {
        self.source = None;
        self.has_sources = false;
        if self.output != Output::Text || !is_one_of_several {
            return Ok(());
        }
        let space = if self.has_begun { "\n" } else { "" };
        self.has_begun = true;
        write_text(&format!("{space}{}", render::log::heading(step)))
    }

    fn write(&mut self, step: &str, lines: &[LogLine]) -> Result<(), Failure> {
        if self.output != Output::Text {
            return lines
                .iter()
                .try_for_each(|line| write_json_line(&StepLineView { step, line }));
        }
        let Some(first) = lines.first() else {
            return Ok(());
        };
        self.has_begun = true;
        let source = self.source.get_or_insert_with(|| first.source.clone());
        self.has_sources |= lines.iter().any(|line| line.source != *source);
        write_text(&render::log::lines(lines, self.has_sources))
    }
}
