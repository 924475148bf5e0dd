//! What a plugin asks for on a connection, and what of it an option grants already.

use polysync_host::{GrantRequest, GrantRequests, Grants, RefusedRequest};

/// What a plugin asks for on a connection.
pub(crate) struct Needs<'a> {
    asked: &'a GrantRequests,
    /// What no option grants.
    open: GrantRequests,
}

/// A need, as a person sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need<'a> {
    /// A person may accept it.
    Acceptable(&'a GrantRequest),
    /// Nobody can accept it, but an option grants it by name.
    GrantedByName(&'a RefusedRequest),
    /// Nobody can accept it.
    Refused(&'a RefusedRequest),
}

impl<'a> Needs<'a> {
    pub(crate) fn new(asked: &'a GrantRequests, grants: &Grants) -> Self {
        Self {
            asked,
            open: asked.missing_from(grants),
        }
    }

    /// All of them, those first that a person may accept.
    pub(crate) fn all(&self) -> impl Iterator<Item = Need<'a>> {
        let refused = self.asked.refused().iter();
        let refused = refused.map(|request| match self.open.refused().contains(request) {
            true => Need::Refused(request),
            false => Need::GrantedByName(request),
        });
        let valid = self.asked.valid().iter();
        valid.map(Need::Acceptable).chain(refused)
    }
}
