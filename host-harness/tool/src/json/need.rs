//! What a plugin asks to be granted, in JSON.

use std::borrow::Cow;

use polysync_host::{GrantRequests, Grants};
use serde::Serialize;

use crate::needs::{Need, Needs};

/// A need, and why it can't be accepted.
#[derive(Debug, Serialize)]
pub(crate) struct NeedView<'a> {
    capability: &'a str,
    value: Cow<'a, str>,
    /// None for a need that a person may accept, or that an option grants.
    refused: Option<String>,
}

impl<'a> NeedView<'a> {
    /// What is missing.
    pub(crate) fn all(missing: &'a GrantRequests) -> Vec<Self> {
        Self::described(&Needs::new(missing, &Grants::none()))
    }

    /// What a plugin asks for.
    pub(crate) fn described(needs: &Needs<'a>) -> Vec<Self> {
        needs.all().map(Self::new).collect()
    }

    fn new(need: Need<'a>) -> Self {
        match need {
            Need::Acceptable(request) => Self {
                capability: request.capability(),
                value: request.value().into(),
                refused: None,
            },
            Need::GrantedByName(request) => Self {
                capability: request.capability(),
                value: request.value().into(),
                refused: None,
            },
            Need::Refused(request) => Self {
                capability: request.capability(),
                value: request.value().into(),
                refused: Some(request.reason()),
            },
        }
    }
}
