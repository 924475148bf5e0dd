//! The steps of a run, from all pages of their list.

use polysync_host::JobType;
use polysync_host::contract::{Run, Size, Step};

use super::call::{CallFailure, flatten};
use super::pages::Pages;

/// All steps of a run.
pub(crate) async fn list(job_type: &JobType, run: &Run) -> Result<Vec<Step>, CallFailure> {
    let (mut steps, mut cursor) = (Vec::new(), None);
    let mut pages = Pages::new("steps", None);
    loop {
        let page = flatten(job_type.steps(run, cursor.as_deref()).await)?;
        pages.take(page.steps.len(), page.steps.size())?;
        pages.follow(page.next_cursor.as_deref())?;
        steps.extend(page.steps);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(steps);
        }
    }
}
