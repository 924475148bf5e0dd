//! A limit on what a component consists of, and a count against it.

use crate::loading::error::LoadFault;

/// A limit, and what it is a limit of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    /// What is counted, in the plural.
    pub(crate) what: &'static str,
    /// The field of `CompileLimits`.
    pub(crate) field: &'static str,
    pub(crate) limit: u32,
}

/// A count of the whole component.
#[derive(Debug)]
pub(crate) struct Total {
    bound: Bound,
    found: u64,
}

impl Bound {
    pub(crate) fn check(self, found: u64) -> Result<(), LoadFault> {
        let Self { what, field, limit } = self;
        if found > u64::from(limit) {
            return Err(LoadFault::TooComplex { what, field, limit });
        }
        Ok(())
    }
}

impl Total {
    pub(crate) fn new(bound: Bound) -> Self {
        Self { bound, found: 0 }
    }

    pub(crate) fn add(&mut self, count: u64) -> Result<(), LoadFault> {
        self.found = self.found.saturating_add(count);
        self.bound.check(self.found)
    }

    /// Checks what the count would be with so many more.
    pub(crate) fn check_with(&self, count: u64) -> Result<(), LoadFault> {
        self.bound.check(self.found.saturating_add(count))
    }
}
