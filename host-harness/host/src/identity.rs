//! Which plugin answers: what it says of itself, which build it is, and after how many swaps.

use std::fmt;

use crate::contract::ContractVersion;
use crate::digest::Digest;

/// Which plugin answers: what it says of itself, which build it is, and which generation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PluginIdentity {
    /// [`Description::id`](crate::contract::Description::id).
    pub id: String,
    /// [`Description::version`](crate::contract::Description::version).
    pub version: String,
    /// The version of the contract by which the host calls the plugin. One that was built for a later
    /// patch than the host has is called by the host's.
    #[cfg_attr(feature = "serde", serde(default = "oldest"))]
    pub contract: ContractVersion,
    /// The SHA-256 of the component's file.
    #[cfg_attr(feature = "serde", serde(rename = "sha256"))]
    pub digest: Digest,
    /// The plugin's number in its slot: 1 for the first plugin, and one more with each swap and each
    /// rollback. 0 while a plugin is being loaded.
    pub generation: u64,
}

/// Identities that were stored without a contract are of version 0.1.0.
#[cfg(feature = "serde")]
fn oldest() -> ContractVersion {
    ContractVersion::V0_1_0
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

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn in_json_versions_and_the_digest_are_text_and_without_a_contract_it_is_the_first() {
        let plugin = PluginIdentity {
            id: "example".into(),
            version: "1.2.3".into(),
            contract: ContractVersion::V0_2_0,
            digest: Digest::compute(b""),
            generation: 2,
        };
        let json = concat!(
            r#"{"id":"example","version":"1.2.3","contract":"0.2.0","#,
            r#""sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","#,
            r#""generation":2}"#
        );
        assert_eq!(serde_json::to_string(&plugin).unwrap(), json);
        assert_eq!(
            serde_json::from_str::<PluginIdentity>(json).unwrap(),
            plugin
        );
        let earlier = json.replace(r#""contract":"0.2.0","#, "");
        assert_eq!(
            serde_json::from_str::<PluginIdentity>(&earlier).unwrap(),
            PluginIdentity {
                contract: ContractVersion::V0_1_0,
                ..plugin
            }
        );
        assert!(serde_json::from_str::<PluginIdentity>(&json.replace("e3b0", "")).is_err());
        assert!(serde_json::from_str::<PluginIdentity>(&json.replace("0.2.0", "2")).is_err());
    }
}
