//! A version of the contract, as a plugin speaks it.

use std::fmt;

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

impl fmt::Display for ContractVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
