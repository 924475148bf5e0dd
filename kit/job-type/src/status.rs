//! A constructor of a run's status.

use crate::contract::{RunState, RunStatus};

impl RunStatus {
    /// A status with this state; everything else is empty, and the run is not finished.
    pub fn in_state(state: RunState) -> Self {
        Self {
            state,
            platform_status: String::new(),
            finished: false,
            poll_after: None,
            message: None,
            started_at: None,
            updated_at: None,
            ended_at: None,
            failed_steps: Vec::new(),
            outputs: Vec::new(),
            details: Vec::new(),
        }
    }
}
