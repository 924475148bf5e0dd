//! Between a plugin of the host and the ledger's copy of it.

use anyhow::{Context, Result};
use polysync_host::{Digest, Plugin, Source};

use crate::runs::ledger::kept_plugins::KeptPlugin;

/// The copy of a plugin for the ledger.
pub(crate) fn of(plugin: &Plugin) -> KeptPlugin {
    KeptPlugin {
        sha256: plugin.digest().to_string(),
        component: plugin.bytes().to_owned(),
    }
}

/// Where a kept plugin is loaded from. A copy that has another SHA-256 by now is refused.
pub(crate) fn source(kept: KeptPlugin) -> Result<Source> {
    let digest: Digest = kept
        .sha256
        .parse()
        .context("the SHA-256 of a plugin in the ledger is damaged")?;
    Ok(Source::bytes(kept.component).pinned(digest))
}
