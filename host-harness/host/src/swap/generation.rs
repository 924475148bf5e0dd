//! A plugin in a slot, from the swap that installs it until its last call has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::identity::PluginIdentity;
use crate::loading::plugin::Plugin;
use crate::sandbox::slot_quota::SlotQuota;

/// A plugin with its number in the slot.
pub(crate) struct Generation {
    pub(crate) identity: Arc<PluginIdentity>,
    pub(crate) plugin: Plugin,
    /// What the calls of all generations of the slot share.
    pub(crate) quota: Arc<SlotQuota>,
    calls: AtomicUsize,
}

/// Counts a call as under way until it is dropped, and keeps the code that the call runs on.
pub(crate) struct CallGuard(Arc<Generation>);

impl Generation {
    /// The first plugin of a slot.
    pub(crate) fn first(plugin: Plugin) -> Arc<Self> {
        let quota = Arc::clone(plugin.quota());
        Self::new(1, plugin, quota)
    }

    /// The plugin that takes over from this one.
    pub(crate) fn next(&self, plugin: Plugin) -> Arc<Self> {
        let number = self.identity.generation.saturating_add(1);
        Self::new(number, plugin, Arc::clone(&self.quota))
    }

    fn new(number: u64, plugin: Plugin, quota: Arc<SlotQuota>) -> Arc<Self> {
        let description = plugin.description();
        Arc::new(Self {
            identity: Arc::new(PluginIdentity {
                id: description.id.clone(),
                version: description.version.clone(),
                digest: plugin.digest(),
                generation: number,
            }),
            plugin,
            quota,
            calls: AtomicUsize::new(0),
        })
    }

    /// Counts a call until the guard is dropped.
    pub(crate) fn begin_call(self: &Arc<Self>) -> CallGuard {
        self.calls.fetch_add(1, Ordering::Relaxed);
        CallGuard(Arc::clone(self))
    }

    /// Calls that are under way.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
