//! Events line by line, each with its time: for logs, and for terminals that can't move the cursor.

use jiff::Timestamp;

use super::reporter::{Reporter, Subject};
use crate::failure::Failure;
use crate::output::{note, write_text};
use crate::render::event::Text;
use crate::render::style::{DIM, paint};
use crate::render::{many_runs, one_run, time};
use crate::runs::event::Event;

#[derive(Debug)]
pub(crate) struct Lines {
    subject: Subject,
}

impl Lines {
    pub(crate) fn new(subject: Subject) -> Self {
        Self { subject }
    }
}

impl Reporter for Lines {
    fn report(&mut self, event: &Event) -> Result<(), Failure> {
        let text = match self.subject {
            Subject::OneRun => one_run::text(event, time::now()),
            Subject::ManyRuns(naming) => many_runs::text(event, naming),
        };
        match text {
            Text::Lines(lines) => {
                let at = paint(DIM, Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ"));
                lines
                    .iter()
                    .try_for_each(|line| write_text(&format!("{at}  {line}\n")))
            }
            Text::Block(text) => write_text(&text),
            Text::Note(text) => {
                note(&text);
                Ok(())
            }
        }
    }
}
