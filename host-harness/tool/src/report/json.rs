//! Events for programs: one JSON object a line.

use super::reporter::Reporter;
use crate::failure::Failure;
use crate::json::event::EventView;
use crate::output::write_json_line;
use crate::runs::event::Event;

#[derive(Debug)]
pub(crate) struct Json;

impl Reporter for Json {
    fn report(&mut self, event: &Event) -> Result<(), Failure> {
        EventView::all(event).iter().try_for_each(write_json_line)
    }
}
