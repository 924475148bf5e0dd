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
                contract: plugin.contract(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use crate::limits::Limits;

    #[tokio::test]
    async fn a_plugin_that_takes_over_gets_what_is_left_to_the_slot_and_not_a_share_of_its_own() {
        let host = Host::new(Limits::recommended()).expect("a host");
        let load = || host.load(test_components::misbehaving());
        let first = Generation::first(load().await.expect("a plugin"));
        let next = first.next(load().await.expect("a plugin"));
        assert_eq!(next.identity.generation, 2);
        assert!(Arc::ptr_eq(&first.quota, &next.quota));
    }
}
