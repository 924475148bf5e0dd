//! Events on a terminal: lines as in a log, and below them a panel that is updated in place.

use indicatif::{MultiProgress, ProgressDrawTarget};

use super::lines::Lines;
use super::panel::{NumbersPanel, RunPanel};
use super::reporter::{Reporter, Subject};
use crate::failure::Failure;
use crate::non_blank::non_blank;
use crate::output::write_text;
use crate::render::{one_run, time};
use crate::runs::event::{Event, RunEvent};
use crate::runs::summary::Summary;

#[derive(Debug)]
pub(crate) struct Live {
    lines: Lines,
    bars: MultiProgress,
    panel: Panel,
}

/// What is below the lines.
#[derive(Debug)]
enum Panel {
    Run(RunPanel),
    Numbers(NumbersPanel),
}

impl Live {
    pub(crate) fn new(subject: Subject) -> Self {
        let bars = MultiProgress::new();
        let panel = match subject {
            Subject::OneRun => Panel::Run(RunPanel::new(&bars)),
            Subject::ManyRuns(_) => Panel::Numbers(NumbersPanel::new(&bars)),
        };
        Self {
            lines: Lines::new(subject),
            bars,
            panel,
        }
    }

    /// Takes the panel off the terminal for good.
    fn close(&self) {
        // What can't be cleared is overwritten by what comes next.
        let _ = self.bars.clear();
        self.bars.set_draw_target(ProgressDrawTarget::hidden());
    }
}

impl Reporter for Live {
    fn report(&mut self, event: &Event) -> Result<(), Failure> {
        match (&mut self.panel, event) {
            // These are in the panel, so that no line repeats them.
            (Panel::Run(panel), Event::Run(record, RunEvent::Status(status))) => {
                let name = non_blank(Some(&record.job.external_id)).or(record.run_id());
                panel.show_run(name.unwrap_or_default(), status);
                return Ok(());
            }
            (Panel::Run(panel), Event::Run(_, RunEvent::Steps { all, .. })) => {
                panel.show_steps(&self.bars, all);
                return Ok(());
            }
            (Panel::Run(_), Event::Run(_, RunEvent::Finished { steps, .. })) => {
                self.close();
                write_text(&one_run::step_lines(steps, time::now()))?;
            }
            (_, Event::Run(_, RunEvent::Left) | Event::Served { .. }) => self.close(),
            _ => {}
        }
        let Self { bars, lines, .. } = self;
        bars.suspend(|| lines.report(event))
    }

    fn show_numbers(&mut self, summary: &Summary) {
        if let Panel::Numbers(panel) = &self.panel {
            panel.show(summary);
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.close();
    }
}
