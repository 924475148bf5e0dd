//! How much of a list that comes in pages the tool collects: the plugin says whether there is another
//! page, and one that always says so must not fill the memory.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// More pages than any list has.
const MOST_PAGES: usize = 10_000;

/// More entries than any list has, and as many as a person can search.
const MOST_ENTRIES: usize = 100_000;

/// More memory than any list takes, in MiB.
const MOST_MEBIBYTES: usize = 256;

/// In bytes. The longest cursors of AWS's services have 8,192 characters.
const LONGEST_CURSOR: usize = 64 << 10;

/// What was collected of a list.
#[derive(Debug)]
pub(crate) struct Pages {
    /// What the list has, as in "the list of jobs".
    what: &'static str,
    pages: usize,
    entries: usize,
    bytes: usize,
    /// Hashes of the cursors, which may be long.
    cursors: HashSet<u64>,
    hasher: RandomState,
}

/// A list that the tool doesn't collect to its end.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EndlessList {
    #[error("the list of {what} doesn't end: {MOST_PAGES} pages and there is another one")]
    Pages { what: &'static str },
    #[error(
        "the list of {what} doesn't end: the tool collects {MOST_ENTRIES} entries, \
         and page {page} goes beyond"
    )]
    Entries { what: &'static str, page: usize },
    #[error(
        "the list of {what} doesn't end: the tool collects {MOST_MEBIBYTES} MiB, \
         and page {page} goes beyond"
    )]
    Bytes { what: &'static str, page: usize },
    #[error(
        "the list of {what} goes round in circles: the cursor after page {page} is that of an \
         earlier page"
    )]
    Circle { what: &'static str, page: usize },
    #[error(
        "the list of {what} can't be continued: the cursor after page {page} has {bytes} bytes, \
         and {LONGEST_CURSOR} are allowed"
    )]
    LongCursor {
        what: &'static str,
        page: usize,
        bytes: usize,
    },
}

impl EndlessList {
    /// Whether the list can be continued with the cursor of the page that is missing.
    pub(crate) fn can_be_continued(&self) -> bool {
        match self {
            Self::Pages { .. } | Self::Entries { .. } | Self::Bytes { .. } => true,
            Self::Circle { .. } | Self::LongCursor { .. } => false,
        }
    }
}

impl Pages {
    /// For a list that begins with the page of this cursor.
    pub(crate) fn new(what: &'static str, first: Option<&str>) -> Self {
        let hasher = RandomState::new();
        Self {
            what,
            pages: 0,
            entries: 0,
            bytes: 0,
            cursors: first
                .map(|first| hasher.hash_one(first))
                .into_iter()
                .collect(),
            hasher,
        }
    }

    /// The number of the last page.
    pub(crate) fn count(&self) -> usize {
        self.pages
    }

    /// Counts a page before it is kept.
    ///
    /// # Errors
    ///
    /// It doesn't fit.
    pub(crate) fn take(&mut self, entries: usize, bytes: usize) -> Result<(), EndlessList> {
        let what = self.what;
        self.pages += 1;
        let page = self.pages;
        self.entries = self.entries.saturating_add(entries);
        if self.entries > MOST_ENTRIES {
            return Err(EndlessList::Entries { what, page });
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_MEBIBYTES << 20 {
            return Err(EndlessList::Bytes { what, page });
        }
        Ok(())
    }

    /// Checks the cursor of the next page, if there is one.
    ///
    /// # Errors
    ///
    /// It stands for a page that was there already, or for one too many, or it is too long.
    pub(crate) fn follow(&mut self, next: Option<&str>) -> Result<(), EndlessList> {
        let (what, page) = (self.what, self.pages);
        let Some(next) = next else {
            return Ok(());
        };
        if next.len() > LONGEST_CURSOR {
            let bytes = next.len();
            return Err(EndlessList::LongCursor { what, page, bytes });
        }
        if !self.cursors.insert(self.hasher.hash_one(next)) {
            return Err(EndlessList::Circle { what, page });
        }
        if page >= MOST_PAGES {
            return Err(EndlessList::Pages { what });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_with_the_page_that_has_no_cursor() {
        let mut pages = Pages::new("jobs", None);
        for cursor in [Some("1"), Some("2"), None] {
            assert_eq!(pages.take(1, 1), Ok(()));
            assert_eq!(pages.follow(cursor), Ok(()));
        }
        assert_eq!(pages.count(), 3);
    }

    #[test]
    fn empty_pages_for_ever_are_too_many_at_last() {
        let mut pages = Pages::new("jobs", None);
        let error = (0..)
            .find_map(|page: u32| {
                let taken = pages.take(0, 0);
                taken
                    .and_then(|()| pages.follow(Some(&page.to_string())))
                    .err()
            })
            .expect("an end");
        assert_eq!(error, EndlessList::Pages { what: "jobs" });
        assert!(error.can_be_continued());
        assert_eq!(pages.count(), 10_000);
    }

    #[test]
    fn the_cursor_of_the_first_page_is_not_to_come_again_either() {
        let mut pages = Pages::new("jobs", Some("first"));
        assert_eq!(pages.take(1, 1), Ok(()));
        let error = pages.follow(Some("first")).expect_err("a circle");
        assert_eq!(
            error,
            EndlessList::Circle {
                what: "jobs",
                page: 1
            }
        );
        assert!(!error.can_be_continued());
    }

    #[test]
    fn a_cursor_of_a_mebibyte_is_not_followed() {
        let mut pages = Pages::new("steps", None);
        assert_eq!(pages.take(1, 1), Ok(()));
        let long = "x".repeat(1 << 20);
        let error = pages.follow(Some(&long)).expect_err("too long");
        assert_eq!(
            error.to_string(),
            "the list of steps can't be continued: the cursor after page 1 has 1048576 bytes, \
             and 65536 are allowed"
        );
    }
}
