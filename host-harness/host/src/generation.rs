//! A plugin in a slot, from the swap that brought it until its last call has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::identity::PluginIdentity;
use crate::plugin::Plugin;

/// A plugin and the number of its turn.
pub(crate) struct Generation {
    pub(crate) identity: Arc<PluginIdentity>,
    pub(crate) plugin: Plugin,
    calls: AtomicUsize,
}

/// A call that keeps its generation. As long as it lives, so does the code that it runs on.
pub(crate) struct UnderWay(Arc<Generation>);

impl Generation {
    pub(crate) fn new(number: u64, plugin: Plugin) -> Arc<Self> {
        let description = plugin.description();
        Arc::new(Self {
            identity: Arc::new(PluginIdentity {
                id: description.id.clone(),
                version: description.version.clone(),
                digest: plugin.digest(),
                generation: number,
            }),
            plugin,
            calls: AtomicUsize::new(0),
        })
    }

    /// Counts a call until what is returned is dropped.
    pub(crate) fn enter(self: &Arc<Self>) -> UnderWay {
        self.calls.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// Calls that are under way.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
