//! The opaque tokens that lead from one page of a listing to the next.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::api::operation::Operation;

/// Hexadecimal digits of a token that tie it to its listing.
const SEAL_LENGTH: usize = 16;

/// The listing that a token belongs to.
#[derive(Debug)]
pub(crate) struct Listing(String);

impl Listing {
    /// The listing of an operation and its request, without the members that select a page.
    pub(crate) fn new(operation: Operation, body: &Value, paging: &[&str]) -> Self {
        let mut body = body.clone();
        if let Value::Object(members) = &mut body {
            members.retain(|name, _| !paging.contains(&name.as_str()));
        }
        Self(format!("{operation}{body}"))
    }

    /// A token for a position, which only this listing accepts.
    pub(crate) fn token(&self, position: &str) -> String {
        let digest = Sha256::digest(format!("{position}{}", self.0).as_bytes());
        let seal = hex::encode(digest);
        format!("{}{position}", &seal[..SEAL_LENGTH])
    }

    /// The position that a token of this listing stands for.
    pub(crate) fn position<'t>(&self, token: &'t str) -> Option<&'t str> {
        let position = token.get(SEAL_LENGTH..)?;
        (self.token(position) == token).then_some(position)
    }
}
