//! Client request tokens: the same GUID gives the same token, so that a call repeated after a crash
//! or a lost answer is carried out once.

use crate::error::Error;

/// A GUID, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guid(String);

impl Guid {
    /// Reads the 36-character form, in either case.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(i, b)| match i {
                8 | 13 | 18 | 23 => b == b'-',
                _ => b.is_ascii_hexdigit(),
            });
        if fits {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::invalid(
                "InvalidGuid",
                format!("{text:?} is no GUID"),
                "The host has to pass a GUID in its 36-character form, such as \
                 0f8fad5b-d9cb-469f-a165-70867728950e.",
            ))
        }
    }

    /// Of a start.
    pub fn start_token(&self) -> String {
        format!("polysync-{}", self.0)
    }

    /// Of a stop.
    pub fn cancel_token(&self) -> String {
        format!("polysync-cancel-{}", self.0)
    }

    /// Of a retry.
    pub fn retry_token(&self) -> String {
        format!("polysync-retry-{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_call_has_tokens_of_its_own_and_the_apis_length() {
        let guid = Guid::parse("0F8FAD5B-D9CB-469F-A165-70867728950E").unwrap();
        assert_eq!(
            guid.start_token(),
            "polysync-0f8fad5b-d9cb-469f-a165-70867728950e"
        );
        assert_eq!(
            guid.cancel_token(),
            "polysync-cancel-0f8fad5b-d9cb-469f-a165-70867728950e"
        );
        assert_eq!(
            guid.retry_token(),
            "polysync-retry-0f8fad5b-d9cb-469f-a165-70867728950e"
        );
        for token in [guid.start_token(), guid.cancel_token(), guid.retry_token()] {
            assert!((32..=128).contains(&token.len()), "{token}");
        }
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        for text in [
            "",
            "1",
            "0f8fad5bd9cb469fa16570867728950e",
            "{0f8fad5b-d9cb-469f-a165-70867728950e}",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
            &"é".repeat(18),
        ] {
            assert_eq!(Guid::parse(text).unwrap_err().code, "InvalidGuid", "{text}");
        }
    }
}
