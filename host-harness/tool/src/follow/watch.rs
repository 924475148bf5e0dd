//! Looking at a run: its status and, where the plugin offers them, all its steps.

use jiff::Timestamp;
use polysync_host::JobType;
use polysync_host::contract::{Run, RunStatus, Step};

use crate::failure::{Failure, flatten};

/// A listing with more pages than this goes round in circles.
const MOST_PAGES: usize = 1_000;

/// How a run is at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) status: RunStatus,
    /// All steps, or those last seen where they could not be listed this time.
    pub(crate) steps: Vec<Step>,
}

/// Looks at one run, again and again.
pub(crate) struct Watch<'a> {
    job_type: &'a JobType,
    run: &'a Run,
    list_steps: bool,
    steps: Vec<Step>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(job_type: &'a JobType, run: &'a Run, list_steps: bool) -> Self {
        Self {
            job_type,
            run,
            list_steps,
            steps: Vec::new(),
        }
    }

    /// How the run is now, with the trouble that there was with its steps: the run is followed
    /// without them where they can't be listed.
    pub(crate) async fn look(&mut self) -> Result<(Snapshot, Option<Failure>), Failure> {
        let status = flatten(self.job_type.status(self.run).await)?;
        let mut trouble = None;
        if self.list_steps {
            match all_steps(self.job_type, self.run).await {
                Ok(steps) => self.steps = steps,
                Err(failure) => {
                    self.list_steps = failure.is_retryable();
                    trouble = Some(failure);
                }
            }
        }
        Ok((
            Snapshot {
                at: now(),
                status,
                steps: self.steps.clone(),
            },
            trouble,
        ))
    }
}

/// All steps of a run, from all pages.
pub(crate) async fn all_steps(job_type: &JobType, run: &Run) -> Result<Vec<Step>, Failure> {
    let (mut steps, mut cursor) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = flatten(job_type.steps(run, cursor.as_deref()).await)?;
        steps.extend(page.steps);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(steps);
        }
    }
    Err(anyhow::anyhow!(
        "the list of steps doesn't end: {MOST_PAGES} pages and there is another one"
    )
    .into())
}

/// Milliseconds since 1970.
pub(crate) fn now() -> u64 {
    Timestamp::now()
        .as_millisecond()
        .try_into()
        .unwrap_or_default()
}
