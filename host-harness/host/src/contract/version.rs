//! A version of the contract, as a plugin speaks it.

use std::fmt;
use std::str::FromStr;

/// A version of the contract. Versions are ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

impl ContractVersion {
    /// Version 0.1.0.
    pub const V0_1_0: Self = Self::new(0, 1, 0);
    /// Version 0.2.0, whose types are those of [`contract`](crate::contract).
    pub const V0_2_0: Self = Self::new(0, 2, 0);
    /// The versions that this host serves, the oldest first.
    pub const SERVED: [Self; 2] = [Self::V0_1_0, Self::V0_2_0];

    const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    pub(crate) fn semver(self) -> semver::Version {
        semver::Version::new(self.major.into(), self.minor.into(), self.patch.into())
    }
}

/// The text isn't a version of the contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a version of the contract is three numbers, such as 0.2.0")]
pub struct InvalidContractVersion;

impl FromStr for ContractVersion {
    type Err = InvalidContractVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.split('.').map(str::parse);
        match (
            numbers.next(),
            numbers.next(),
            numbers.next(),
            numbers.next(),
        ) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => {
                Ok(Self::new(major, minor, patch))
            }
            _ => Err(InvalidContractVersion),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ContractVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ContractVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for ContractVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_it_is_written_and_anything_else_is_refused() {
        for version in ContractVersion::SERVED {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        for text in [
            "",
            "0.2",
            "0.2.0.0",
            "0.2.x",
            "0..2",
            "v0.2.0",
            "0.2.0-rc.1",
        ] {
            assert!(text.parse::<ContractVersion>().is_err(), "{text}");
        }
    }
}
