//! Methods of the contract's HTTP types.

use crate::contract::http::{Header, Response};

impl Header {
    /// A header; the name is in lower case.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }
}

impl Response {
    /// The value of the first header of that lower-case name, without surrounding blanks.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| header.value.trim())
    }
}
