//! The name by which a service of AWS is signed for, such as `sagemaker`.

/// A signing name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SigningName(String);

/// A text that isn't a signing name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a signing name consists of 1 to {LONGEST} lower-case letters, digits and hyphens")]
pub(crate) struct InvalidSigningName;

/// No service of AWS has a longer one.
const LONGEST: usize = 64;

impl SigningName {
    pub(crate) fn parse(name: &str) -> Result<Self, InvalidSigningName> {
        let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=LONGEST).contains(&name.len()) && name.chars().all(valid) {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidSigningName)
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}
