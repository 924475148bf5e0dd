//! A counted limit of one call, such as its requests or its log lines.

/// What is left of a counted limit.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u32,
}

/// More was asked for than is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl Budget {
    pub(crate) fn new(limit: u32) -> Self {
        Self { left: limit }
    }

    /// Takes `count` from what is left.
    ///
    /// # Errors
    ///
    /// Less is left; then nothing is taken.
    pub(crate) fn take(&mut self, count: usize) -> Result<(), Exhausted> {
        let count = u32::try_from(count).map_err(|_| Exhausted)?;
        self.left = self.left.checked_sub(count).ok_or(Exhausted)?;
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_gives_what_is_left_and_no_more() {
        let mut budget = Budget::new(3);
        assert_eq!(budget.take(2), Ok(()));
        assert_eq!(budget.take(2), Err(Exhausted));
        assert_eq!(budget.take(usize::MAX), Err(Exhausted));
        assert!(!budget.is_empty());
        assert_eq!(budget.take(1), Ok(()));
        assert!(budget.is_empty());
        assert_eq!(budget.take(0), Ok(()));
        assert_eq!(budget.take(1), Err(Exhausted));
    }
}
