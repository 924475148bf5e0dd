//! A constructor of what became of a cancellation.

use crate::contract::{CancelOutcome, Cancellation};

impl Cancellation {
    /// What became of it, and a sentence about it.
    pub fn new(outcome: CancelOutcome, message: impl Into<String>) -> Self {
        Self {
            outcome,
            message: message.into(),
        }
    }
}
