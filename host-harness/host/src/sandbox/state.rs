//! The state of one call: its capabilities, and what it has used of its limits.

use std::sync::Arc;

use crate::capabilities::aws_signing::SigningCapability;
use crate::capabilities::clock::ClockCapability;
use crate::capabilities::http::HttpCapability;
use crate::capabilities::log::LogCapability;
use crate::identity::PluginIdentity;
use crate::limits::deadline::Deadline;
use crate::limits::memory::MemoryLimiter;
use crate::sandbox::session::Session;
use crate::sandbox::slot_quota::SlotQuota;

/// The state of one call.
pub(crate) struct CallState {
    pub(crate) signing: SigningCapability,
    pub(crate) clock: ClockCapability,
    pub(crate) http: HttpCapability,
    pub(crate) log: LogCapability,
    pub(crate) memory: MemoryLimiter,
    pub(crate) deadline: Deadline,
}

impl CallState {
    pub(crate) fn new(
        session: &Session,
        quota: &Arc<SlotQuota>,
        plugin: &Arc<PluginIdentity>,
        function: &'static str,
        deadline: Deadline,
    ) -> Self {
        let limits = &session.limits;
        Self {
            signing: session.signing.clone(),
            clock: ClockCapability::new(Arc::clone(&session.clock), deadline),
            http: HttpCapability::new(Arc::clone(&session.egress), deadline),
            log: LogCapability::new(
                Arc::clone(plugin),
                function,
                Arc::clone(limits),
                Arc::clone(quota),
                Arc::clone(&session.clock),
            ),
            memory: MemoryLimiter::new(limits, &session.memory),
            deadline,
        }
    }
}
