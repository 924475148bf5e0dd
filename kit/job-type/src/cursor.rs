//! Where a listing goes on, and that it comes to an end.
//!
//! Some platforms return empty pages for ever, and a plugin has no state between two pages. So the
//! cursor, which the host stores, holds the number of the page beside the platform's token.

use crate::contract::{Error, ErrorClass};

/// Far more than the listing of any real account has.
const MOST_PAGES: u32 = 1_000;

/// In characters. No AWS service documents longer tokens.
const LONGEST_TOKEN: usize = 8_192;

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

    /// Reads the cursor that came with the page before; `None` is the first page.
    ///
    /// # Errors
    /// `InvalidCursor` where no page can have returned it.
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else {
            return Ok(Self::FIRST);
        };
        let parts = text
            .split_once('.')
            .and_then(|(page, token)| Some((page.parse().ok()?, token)));
        match parts {
            Some((page, token)) if page > 1 && is_token(token) => Ok(Self {
                page,
                token: Some(token.to_owned()),
            }),
            _ => Err(Error::invalid(
                "InvalidCursor",
                format!("{text:?} is not a cursor of this job type"),
                "Begin again without a cursor.",
            )),
        }
    }

    /// The platform's token for this page.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The page after this one, if the platform gave a token for it. `operation` names the listing
    /// in the error.
    ///
    /// # Errors
    /// `EndlessListing` where the token is that of this page, or there are too many pages.
    pub fn next(&self, token: Option<String>, operation: &str) -> Result<Option<Self>, Error> {
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        if self.token.as_ref() == Some(&token) {
            return Err(endless(operation, "it gave the same page's token again"));
        }
        if self.page >= MOST_PAGES {
            let why = format!("there are more than {MOST_PAGES} pages");
            return Err(endless(operation, &why));
        }
        Ok(Some(Self {
            page: self.page + 1,
            token: Some(token),
        }))
    }
}

/// `PAGE.TOKEN`, which [`Cursor::parse`] reads.
impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        format!("{}.{}", cursor.page, cursor.token.unwrap_or_default())
    }
}

/// Whether a text is one line of at most [`LONGEST_TOKEN`] characters.
fn is_token(text: &str) -> bool {
    let is_single_line = !text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    is_single_line && (1..=LONGEST_TOKEN).contains(&text.chars().count())
}

fn endless(operation: &str, why: &str) -> Error {
    Error::new(
        ErrorClass::Other,
        "EndlessListing",
        format!("{operation} does not come to an end: {why}"),
        "The service is at fault. The pages so far are good; try again later.",
    )
    .retryable()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cursor: Option<&str>, token: Option<&str>) -> Result<Option<String>, String> {
        Cursor::parse(cursor)
            .and_then(|cursor| cursor.next(token.map(str::to_owned), "ListPipelines"))
            .map(|cursor| cursor.map(Into::into))
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
    fn a_text_that_is_not_a_cursor_is_refused() {
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
