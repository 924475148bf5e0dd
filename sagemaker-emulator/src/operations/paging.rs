//! The pages of SageMaker's listings.

use serde::Deserialize;

use crate::api::error::ServiceError;
use crate::page_token::Listing;

/// The length of a page if the caller doesn't ask for one.
const DEFAULT_MAX_RESULTS: usize = 10;
/// The members of a request that select a page.
pub(super) const PAGING_MEMBERS: [&str; 2] = ["NextToken", "MaxResults"];

/// The members that all list requests have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Paging {
    max_results: Option<usize>,
    next_token: Option<String>,
    sort_order: Option<SortOrder>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum SortOrder {
    Ascending,
    Descending,
}

impl Paging {
    /// Selects the page from all `items`, which are in ascending order. Without a `SortOrder` the
    /// order is descending, as in SageMaker. Returns the token of the next page too.
    pub(super) fn page<T>(
        &self,
        mut items: Vec<T>,
        listing: &Listing,
    ) -> Result<(Vec<T>, Option<String>), ServiceError> {
        if self.sort_order.unwrap_or(SortOrder::Descending) == SortOrder::Descending {
            items.reverse();
        }
        let offset = match &self.next_token {
            None => 0,
            Some(token) => offset(listing, token).ok_or_else(|| {
                ServiceError::validation("Invalid NextToken: it is not a token of this listing.")
            })?,
        };
        let length = self.max_results.unwrap_or(DEFAULT_MAX_RESULTS);
        let end = offset.saturating_add(length);
        let next_token = (end < items.len()).then(|| listing.token(&format!("{end:x}")));
        let page = items.into_iter().skip(offset).take(length).collect();
        Ok((page, next_token))
    }
}

fn offset(listing: &Listing, token: &str) -> Option<usize> {
    usize::from_str_radix(listing.position(token)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::operation::Operation;

    fn page(request: Value) -> Result<(Vec<u32>, Option<String>), ServiceError> {
        let listing = Listing::new(Operation::ListPipelines, &request, &PAGING_MEMBERS);
        let paging: Paging = serde_json::from_value(request).unwrap();
        paging.page((1..=25).collect(), &listing)
    }

    #[test]
    fn the_pages_cover_all_items_in_order() {
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let request = json!({"SortOrder": "Ascending", "NextToken": token});
            let (items, next) = page(request).unwrap();
            seen.extend(items);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, (1..=25).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_has_ten_items_in_descending_order_by_default() {
        let (items, _) = page(json!({})).unwrap();
        assert_eq!(items, (16..=25).rev().collect::<Vec<_>>());
        let (items, next) = page(json!({"MaxResults": 25})).unwrap();
        assert_eq!((items.len(), next), (25, None));
    }

    #[test]
    fn a_token_of_another_listing_is_refused() {
        let (_, token) = page(json!({"SortOrder": "Ascending"})).unwrap();
        for token in [
            token.unwrap(),
            "nonsense".to_owned(),
            "ÄÖ".repeat(20),
            String::new(),
        ] {
            let error = page(json!({"NextToken": token})).unwrap_err();
            assert_eq!(error.code, "ValidationException");
        }
    }
}
