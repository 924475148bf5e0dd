//! What was measured, as a table for people and as JSON for programs.

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::measure::Samples;

/// Everything that a run of the benchmark has measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
    pub(crate) curves: Vec<Curve>,
}

/// The machine that it was measured on.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Machine {
    pub(crate) processors: usize,
    pub(crate) system: &'static str,
    pub(crate) architecture: &'static str,
}

/// One line of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    section: &'static str,
    what: String,
    unit: &'static str,
    median: f64,
    /// A tenth of the rounds are below this value.
    low: f64,
    /// A tenth of the rounds are above this value.
    high: f64,
    target: Option<Target>,
}

/// The goal of a measurement.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
}

/// How the cost of a call grows with its size.
#[derive(Debug, Serialize)]
pub(crate) struct Curve {
    pub(crate) what: &'static str,
    /// The unit of the sizes.
    pub(crate) unit: &'static str,
    /// Pairs of a size and its cost in microseconds.
    pub(crate) points: Vec<(f64, Samples)>,
}

/// A section of the table, for adding lines.
pub(crate) struct Section<'a> {
    report: &'a mut Report,
    name: &'static str,
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl Report {
    pub(crate) fn section(&mut self, name: &'static str) -> Section<'_> {
        Section { report: self, name }
    }

    /// The table, with a line of its own for each section.
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["", "median", "10 %", "90 %", "", "target", ""]);
        let mut section = "";
        for row in &self.rows {
            if row.section != section {
                section = row.section;
                table.add_row([""]);
                table.add_row([section]);
            }
            let target = row.target.map_or_else(String::new, |target| match target {
                Target::AtMost(most) => format!("≤ {}", number(most)),
                Target::AtLeast(least) => format!("≥ {}", number(least)),
            });
            let verdict = row
                .target
                .map_or("", |target| match target.is_met(row.median) {
                    true => "met",
                    false => "MISSED",
                });
            let spread = |value| match row.low == row.high {
                true => String::new(),
                false => number(value),
            };
            table.add_row([
                format!("  {}", row.what),
                number(row.median),
                spread(row.low),
                spread(row.high),
                row.unit.to_owned(),
                target,
                verdict.to_owned(),
            ]);
        }
        for column in [1, 2, 3] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let lines: Vec<_> = table
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        lines.join("\n")
    }
}

impl Section<'_> {
    pub(crate) fn add(&mut self, what: impl Into<String>, unit: &'static str, samples: &Samples) {
        self.push(what.into(), unit, samples, None);
    }

    pub(crate) fn add_with(
        &mut self,
        what: impl Into<String>,
        unit: &'static str,
        samples: &Samples,
        target: Target,
    ) {
        self.push(what.into(), unit, samples, Some(target));
    }

    fn push(
        &mut self,
        what: String,
        unit: &'static str,
        samples: &Samples,
        target: Option<Target>,
    ) {
        self.report.rows.push(Row {
            section: self.name,
            what,
            unit,
            median: samples.median(),
            low: samples.quantile(0.1),
            high: samples.quantile(0.9),
            target,
        });
    }
}

/// Three significant digits; larger numbers keep all their digits before the point.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_which_targets_are_met() {
        let mut report = Report::default();
        let mut section = report.section("one");
        section.add("plain", "µs", &Samples::from_iter([1.0, 2.0, 3.0]));
        section.add_with("good", "×", &Samples::from(2.0), Target::AtMost(2.0));
        section.add_with("bad", "×", &Samples::from(2.0), Target::AtLeast(2.5));
        let table = report.table();
        let line = |what| table.lines().find(|line| line.contains(what)).unwrap();
        assert!(line("plain").contains("2"), "{table}");
        assert!(line("good").ends_with("met"), "{table}");
        assert!(line("bad").ends_with("MISSED"), "{table}");
    }

    #[test]
    fn numbers_have_three_digits() {
        let texts = [0.1234, 1.234, 12.34, 1234.5, 4.0].map(number);
        assert_eq!(texts, ["0.123", "1.23", "12.3", "1234", "4"]);
    }
}
