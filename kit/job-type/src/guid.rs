//! The GUID that names a start, a cancellation or a retry.

use uuid::Uuid;

use crate::contract::Error;

/// A GUID in its 36-character form, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guid(String);

impl Guid {
    const LENGTH: usize = 36;

    /// Reads the 36-character form of RFC 9562, in either case.
    ///
    /// # Errors
    /// `InvalidGuid` where the text is anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // `Uuid` reads shorter and longer forms too.
        let uuid = Some(text)
            .filter(|text| text.len() == Self::LENGTH)
            .and_then(|text| Uuid::try_parse(text).ok());
        match uuid {
            Some(uuid) => Ok(Self(uuid.hyphenated().to_string())),
            None => Err(Error::invalid(
                "InvalidGuid",
                format!("{text:?} is not a GUID"),
                "The host has to pass a GUID in its 36-character form, such as \
                 0f8fad5b-d9cb-469f-a165-70867728950e.",
            )),
        }
    }

    /// The 36 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_read_in_either_case() {
        let guid = Guid::parse("0F8FAD5B-D9CB-469F-A165-70867728950E").unwrap();
        assert_eq!(guid.as_str(), "0f8fad5b-d9cb-469f-a165-70867728950e");
    }

    #[test]
    fn a_text_that_is_not_a_guid_is_refused() {
        for text in [
            "",
            "1",
            "0f8fad5bd9cb469fa16570867728950e",
            "{0f8fad5b-d9cb-469f-a165-70867728950e}",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
            "0f8fad5bd-9cb-469f-a165-70867728950e",
            &"é".repeat(18),
        ] {
            assert_eq!(Guid::parse(text).unwrap_err().code, "InvalidGuid", "{text}");
        }
    }
}
