//! The pages of Glue's listings.

use serde::Deserialize;

use crate::api::error::ServiceError;
use crate::operations::Call;
use crate::page_token::Listing;

/// The length of a page if the caller doesn't ask for one.
const DEFAULT_MAX_RESULTS: usize = 100;

/// The members of a request that select a page.
const PAGING_MEMBERS: [&str; 2] = ["NextToken", "MaxResults"];

/// The members that all list requests have.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Paging {
    max_results: Option<usize>,
    next_token: Option<String>,
}

impl Paging {
    /// Selects the page from all `items`. Returns the token of the next page too, which stands for the
    /// `key` of the page's last item: items that come before it don't shift the next page.
    pub(super) fn page<'i, T>(
        &self,
        call: &Call<'_>,
        items: Vec<&'i T>,
        key: impl Fn(&T) -> &str,
    ) -> Result<(Vec<&'i T>, Option<String>), ServiceError> {
        let listing = Listing::new(call.operation, call.body, &PAGING_MEMBERS);
        let offset = match &self.next_token {
            None => 0,
            Some(token) => {
                let last = listing.position(token);
                let last = last.and_then(|last| items.iter().position(|item| key(item) == last));
                let invalid = || ServiceError::invalid_input("The NextToken is not valid.");
                last.ok_or_else(invalid)? + 1
            }
        };
        let length = self.max_results.unwrap_or(DEFAULT_MAX_RESULTS);
        let has_more = items.len() > offset.saturating_add(length);
        let page: Vec<_> = items.into_iter().skip(offset).take(length).collect();
        let last = page.last().filter(|_| has_more);
        let next_token = last.map(|last| listing.token(key(last)));
        Ok((page, next_token))
    }
}
