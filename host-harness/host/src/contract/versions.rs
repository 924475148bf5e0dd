//! The versions of the contract that this host serves.

use semver::Version;

use crate::contract::served::Served;
use crate::contract::{v0_1, v0_2};

/// The versions that this host serves, the oldest first.
pub(crate) static SERVED: [&Served; 2] = [&v0_1::SERVED, &v0_2::SERVED];

/// The version that serves what was built for `version`, which may be a later patch: a patch only adds
/// to the version that it is a patch of.
pub(crate) fn serving(version: &Version) -> Option<&'static Served> {
    SERVED.into_iter().find(|served| {
        let own = served.version.semver();
        let is_patch = (own.major, own.minor) == (version.major, version.minor);
        is_patch && version.pre.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wit_parser::{Resolve, WorldItem, WorldKey};

    use super::*;
    use crate::contract::ContractVersion;
    use crate::contract::served::{Interface, PACKAGE};

    /// The interfaces that a world imports or exports, each with its functions.
    type Interfaces = BTreeMap<String, Vec<String>>;

    fn interfaces<'a>(
        resolve: &Resolve,
        items: impl Iterator<Item = (&'a WorldKey, &'a WorldItem)>,
    ) -> Interfaces {
        let functions = |item: &WorldItem| match item {
            WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.keys().cloned(),
            other => panic!("{other:?}"),
        };
        items
            .map(|(key, item)| (resolve.name_world_key(key), functions(item).collect()))
            .collect()
    }

    fn listed(version: ContractVersion, list: &[Interface]) -> Interfaces {
        list.iter()
            .map(|Interface { name, functions }| {
                let functions = functions.iter().map(ToString::to_string).collect();
                (format!("{PACKAGE}/{name}@{version}"), functions)
            })
            .collect()
    }

    #[test]
    fn each_version_consists_of_what_its_wit_says() {
        for served in SERVED {
            let mut resolve = Resolve::default();
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/");
            let pushed = resolve.push_path(format!("{folder}{}", served.version));
            let (package, _) = pushed.expect("the contract");
            let world = resolve.select_world(&[package], Some("plugin"));
            let world = &resolve.worlds[world.expect("the world")];
            let imports = listed(served.version, served.imports);
            assert_eq!(interfaces(&resolve, world.imports.iter()), imports);
            let exports = listed(served.version, std::slice::from_ref(&served.export));
            assert_eq!(interfaces(&resolve, world.exports.iter()), exports);
        }
    }

    #[test]
    fn the_versions_are_those_that_are_public() {
        assert_eq!(SERVED.map(|served| served.version), ContractVersion::SERVED);
        assert!(SERVED.is_sorted_by_key(|served| served.version));
    }

    #[test]
    fn a_patch_is_served_by_its_version_and_a_release_candidate_by_none() {
        let served = |version: &str| {
            let version = version.parse().expect("a version");
            serving(&version).map(|served| served.version.to_string())
        };
        assert_eq!(served("0.1.0").as_deref(), Some("0.1.0"));
        assert_eq!(served("0.2.0").as_deref(), Some("0.2.0"));
        assert_eq!(served("0.2.7").as_deref(), Some("0.2.0"));
        for other in ["0.0.1", "0.3.0", "1.2.0", "0.2.0-rc.1", "0.2.1-rc.1"] {
            assert_eq!(served(other), None, "{other}");
        }
    }
}
