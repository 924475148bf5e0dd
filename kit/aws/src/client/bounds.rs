//! How long a client sends requests, and how many.

use job_type_kit::Host;

/// Bounds that a client keeps to, so that the call ends in time and keeps the answers that it has.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long before the call's deadline it sends its last requests, in milliseconds.
    pub time_left: u64,
    /// How many requests it sends. A host ends a call that sends more than it allows.
    pub requests: usize,
}

impl Bounds {
    /// Bounds for a call with many requests, which leave it the time to answer. The requests are fewer
    /// than the 2,000 of the limits that hosts are recommended.
    pub fn of_many(host: &dyn Host) -> Self {
        Self {
            time_left: host.time_to_answer(),
            requests: 1_500,
        }
    }

    /// Requests up to the deadline, and as many as it takes.
    pub const NONE: Self = Self {
        time_left: 0,
        requests: usize::MAX,
    };
}
