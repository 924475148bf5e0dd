//! Which plugin answered, in JSON.

use polysync_host::PluginIdentity;
use serde::Serialize;

use crate::runs::record::PluginRecord;

/// A plugin: which build, in which generation.
#[derive(Debug, Serialize)]
pub(crate) struct PluginView<'a> {
    id: &'a str,
    version: &'a str,
    sha256: String,
    generation: u64,
}

impl<'a> From<&'a PluginIdentity> for PluginView<'a> {
    fn from(plugin: &'a PluginIdentity) -> Self {
        Self {
            id: &plugin.id,
            version: &plugin.version,
            sha256: plugin.digest.to_string(),
            generation: plugin.generation,
        }
    }
}

impl<'a> From<&'a PluginRecord> for PluginView<'a> {
    fn from(plugin: &'a PluginRecord) -> Self {
        Self {
            id: &plugin.id,
            version: &plugin.version,
            sha256: plugin.sha256.clone(),
            generation: plugin.generation,
        }
    }
}
