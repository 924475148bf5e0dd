//! Labels and values in two columns.
//!
//! `comfy-table`, which draws the table of jobs, was considered; it pads each line to the widest, and a
//! command that is copied from the terminal shouldn't end in spaces.

use std::fmt::Write;

use polysync_host::contract::Attribute;

use super::style::{DIM, paint};
use super::text;
use crate::non_blank::non_blank;

/// Labels on the left, values on the right; further lines of a value stand below its first.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    rows: Vec<(String, String)>,
}

impl Fields {
    /// Adds a value that the tool made itself, which may have colours.
    pub(crate) fn add(mut self, label: &str, value: impl Into<String>) -> Self {
        self.rows.push((text::line(label), value.into()));
        self
    }

    /// Adds a value from outside.
    pub(crate) fn text(self, label: &str, value: &str) -> Self {
        let value = text::lines(value);
        self.add(label, value)
    }

    /// Adds a value where there is one.
    pub(crate) fn maybe(self, label: &str, value: Option<&str>) -> Self {
        match non_blank(value) {
            Some(value) => self.text(label, value),
            None => self,
        }
    }

    /// Adds each of a list of named values.
    pub(crate) fn attributes(self, attributes: &[Attribute]) -> Self {
        attributes.iter().fold(self, |fields, attribute| {
            fields.text(&attribute.name, &attribute.value)
        })
    }

    /// All rows, each indented and ended by a line end.
    pub(crate) fn render(&self, indent: usize) -> String {
        let width = self
            .rows
            .iter()
            .map(|(label, _)| console::measure_text_width(label))
            .max()
            .unwrap_or(0);
        self.rows
            .iter()
            .fold(String::new(), |mut text, (label, value)| {
                let label = console::pad_str(label, width, console::Alignment::Left, None);
                let value = value.replace('\n', &format!("\n{:1$}", "", indent + width + 2));
                let _ = writeln!(text, "{:indent$}{}  {value}", "", paint(DIM, label));
                text
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_aligned_with_all_their_lines() {
        let fields = Fields::default()
            .text("run", "1")
            .text("message", "a\nb")
            .maybe("absent", None);
        let text = anstream::adapter::strip_str(&fields.render(2)).to_string();

        assert_eq!(text, "  run      1\n  message  a\n           b\n");
    }
}
