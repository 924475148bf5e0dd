//! Which plugin answers: what it says of itself, which build it is, and after how many swaps.

use std::fmt;

use crate::contract::ContractVersion;
use crate::digest::Digest;

/// Which plugin answers: what it says of itself, which build it is, and which generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginIdentity {
    /// [`Description::id`](crate::contract::Description::id).
    pub id: String,
    /// [`Description::version`](crate::contract::Description::version).
    pub version: String,
    /// The version of the contract by which the host calls the plugin. One that was built for a later
    /// patch than the host has is called by the host's.
    pub contract: ContractVersion,
    /// The SHA-256 of the component's file.
    pub digest: Digest,
    /// The plugin's number in its slot: 1 for the first plugin, and one more with each swap and each
    /// rollback. 0 while a plugin is being loaded.
    pub generation: u64,
}

impl fmt::Display for PluginIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} (contract {}, generation {}, sha256 {})",
            self.id,
            self.version,
            self.contract,
            self.generation,
            self.digest.short()
        )
    }
}
