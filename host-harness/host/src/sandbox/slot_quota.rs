//! What all calls of one slot share: their part of the host's places, and how much they may log. A
//! slot keeps it through every swap.

use crate::limits::Limits;
use crate::limits::log_rate::LogRate;
use crate::sandbox::places::Share;

/// What all calls of one slot share.
#[derive(Debug)]
pub(crate) struct SlotQuota {
    pub(crate) places: Share,
    pub(crate) log_rate: LogRate,
}

impl SlotQuota {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            places: Share::new(limits.concurrent_calls, limits.slot_share_percent),
            log_rate: LogRate::new(limits.log_lines_per_minute),
        }
    }
}
