//! The variants of a service's endpoint in a region.

/// Which of a service's endpoints to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Variant {
    /// With cryptography that is validated by FIPS 140.
    pub fips: bool,
    /// Over IPv4 and IPv6.
    pub dual_stack: bool,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Self; 4] = [
        Self::new(false, false),
        Self::new(true, false),
        Self::new(false, true),
        Self::new(true, true),
    ];

    /// A variant by its two properties.
    pub const fn new(fips: bool, dual_stack: bool) -> Self {
        Self { fips, dual_stack }
    }
}
