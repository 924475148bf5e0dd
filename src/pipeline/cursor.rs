//! Where a listing goes on, and that it comes to an end.
//!
//! SageMaker's listings have been seen to page for ever on empty pages, and nothing lives in the
//! guest between two pages; so the cursor that the host keeps holds the number of the page too.

use super::constraints;
use super::failure;
use crate::error::Error;

/// More pages than any account has: the quota is 500 pipelines, which is five pages.
const MOST_PAGES: u32 = 1_000;

/// Which page to get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    page: u32,
    token: Option<String>,
}

impl Cursor {
    /// The first page.
    pub const FIRST: Self = Self {
        page: 1,
        token: None,
    };

    /// Reads what an earlier page gave; none is the first page.
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else {
            return Ok(Self::FIRST);
        };
        let parts = text
            .split_once('.')
            .and_then(|(page, token)| Some((page.parse().ok()?, token)));
        match parts {
            Some((page, token)) if page > 1 && constraints::next_token(token) => Ok(Self {
                page,
                token: Some(token.to_owned()),
            }),
            _ => Err(failure::invalid_cursor(text)),
        }
    }

    /// SageMaker's token for this page.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The cursor of the page after this one, if there is one.
    pub fn next(
        &self,
        next_token: Option<String>,
        operation: &str,
    ) -> Result<Option<String>, Error> {
        let following = self.following(next_token, operation)?;
        Ok(following.map(|cursor| format!("{}.{}", cursor.page, cursor.token.unwrap_or_default())))
    }

    /// The page after this one, if there is one.
    pub fn following(
        &self,
        next_token: Option<String>,
        operation: &str,
    ) -> Result<Option<Self>, Error> {
        let Some(token) = next_token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        if self.token.as_ref() == Some(&token) {
            return Err(failure::endless_listing(
                operation,
                "it gave the same page's token again",
            ));
        }
        if self.page >= MOST_PAGES {
            return Err(failure::endless_listing(
                operation,
                &format!("there are more than {MOST_PAGES} pages"),
            ));
        }
        Ok(Some(Self {
            page: self.page + 1,
            token: Some(token),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cursor: Option<&str>, token: Option<&str>) -> Result<Option<String>, String> {
        Cursor::parse(cursor)
            .and_then(|cursor| cursor.next(token.map(str::to_owned), "ListPipelines"))
            .map_err(|error| error.code)
    }

    #[test]
    fn a_cursor_leads_from_page_to_page() {
        assert_eq!(next(None, Some("a.b")), Ok(Some("2.a.b".to_owned())));
        assert_eq!(next(Some("2.a.b"), Some("c")), Ok(Some("3.c".to_owned())));
        assert_eq!(next(Some("3.c"), None), Ok(None));
        assert_eq!(next(Some("3.c"), Some("")), Ok(None));
    }

    #[test]
    fn a_listing_that_never_ends_ends_with_an_error() {
        assert_eq!(
            next(Some("2.t"), Some("t")),
            Err("EndlessListing".to_owned())
        );
        assert_eq!(
            next(Some("1000.t"), Some("u")),
            Err("EndlessListing".to_owned())
        );
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let long = format!("2.{}", "x".repeat(8193));
        for text in [
            "",
            "t",
            "0.t",
            "1.t",
            "2.",
            "x.t",
            "99999999999.t",
            "2.a\nb",
            &long,
        ] {
            assert_eq!(
                next(Some(text), None),
                Err("InvalidCursor".to_owned()),
                "{text}"
            );
        }
    }
}
