//! Between a plugin of the host and the ledger's copy of it.

use polysync_host::{Plugin, Source};

use crate::runs::ledger::kept_plugins::KeptPlugin;

/// The copy of a plugin for the ledger.
pub(crate) fn of(plugin: &Plugin) -> KeptPlugin {
    KeptPlugin {
        digest: plugin.digest(),
        component: plugin.bytes().to_owned(),
    }
}

/// Where a kept plugin is loaded from. A copy that is damaged has another digest, and is refused.
pub(crate) fn source(kept: KeptPlugin) -> Source {
    Source::bytes(kept.component).pinned(kept.digest)
}
