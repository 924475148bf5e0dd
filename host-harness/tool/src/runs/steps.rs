//! The steps of a run, from all pages of their list.

use polysync_host::JobType;
use polysync_host::contract::{Run, Step};

use super::call::{CallFailure, flatten};

/// A listing with more pages than this goes round in circles.
const MOST_PAGES: usize = 1_000;

/// All steps of a run.
pub(crate) async fn list(job_type: &JobType, run: &Run) -> Result<Vec<Step>, CallFailure> {
    let (mut steps, mut cursor) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = flatten(job_type.steps(run, cursor.as_deref()).await)?;
        steps.extend(page.steps);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(steps);
        }
    }
    Err(CallFailure::Endless {
        what: "steps",
        pages: MOST_PAGES,
    })
}
