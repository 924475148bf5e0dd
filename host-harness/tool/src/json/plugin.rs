//! Which plugin answered, in JSON and in the ledger.

use polysync_host::PluginIdentity;
use serde::{Deserialize, Serialize};

/// A plugin: which build, in which generation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct PluginView {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) sha256: String,
    pub(crate) generation: u64,
}

impl From<&PluginIdentity> for PluginView {
    fn from(plugin: &PluginIdentity) -> Self {
        Self {
            id: plugin.id.clone(),
            version: plugin.version.clone(),
            sha256: plugin.digest.to_string(),
            generation: plugin.generation,
        }
    }
}
