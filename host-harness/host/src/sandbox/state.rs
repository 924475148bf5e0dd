//! The state of one call: its capabilities, and what it has used of its limits.

use std::sync::Arc;

use wasmtime::component::{HasSelf, Linker};

use crate::capabilities::aws_signing::SigningCapability;
use crate::capabilities::clock::ClockCapability;
use crate::capabilities::http::HttpCapability;
use crate::capabilities::log::LogCapability;
use crate::contract::capabilities::{aws_signing, clock, http, log};
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

    /// Offers the four capabilities to the components that are instantiated by `linker`.
    pub(crate) fn add_to_linker(linker: &mut Linker<Self>) -> wasmtime::Result<()> {
        aws_signing::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut Self| &mut state.signing)?;
        clock::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut Self| &mut state.clock)?;
        http::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut Self| &mut state.http)?;
        log::add_to_linker::<_, HasSelf<_>>(linker, |state: &mut Self| &mut state.log)
    }
}
