//! The SHA-256 of a component's file: which build it is, whatever it says of itself.

use std::fmt;
use std::str::FromStr;

use sha2::Sha256;

/// The SHA-256 of a component's file. Printed as 64 lower-case hexadecimal digits, as `sha256sum`
/// prints it; parsed from 64 digits of either case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

/// A text that is not a SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a SHA-256, which has 64 hexadecimal digits as `sha256sum` prints them")]
pub struct InvalidDigest(String);

impl Digest {
    /// The digest of a file's content.
    #[must_use]
    pub fn compute(content: &[u8]) -> Self {
        Self(<Sha256 as sha2::Digest>::digest(content).into())
    }

    /// The first 12 digits, by which people tell builds apart.
    #[must_use]
    pub fn short(&self) -> String {
        let [a, b, c, d, e, f, ..] = self.0;
        hex::encode([a, b, c, d, e, f])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| InvalidDigest(text.to_owned()))?;
        Ok(Self(digest))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_digest_is_printed_and_parsed_as_sha256sum_prints_it() {
        assert_eq!(Digest::compute(b"").to_string(), EMPTY);
        assert_eq!(Digest::compute(b"").short(), "e3b0c44298fc");
        assert_eq!(EMPTY.parse(), Ok(Digest::compute(b"")));
        assert_eq!(EMPTY.to_uppercase().parse(), Ok(Digest::compute(b"")));
    }

    #[test]
    fn a_text_that_is_not_a_digest_is_refused() {
        let short = &EMPTY[1..];
        let long = format!("{EMPTY}0");
        let other = EMPTY.replace('e', "g");
        let wide = format!("{}é", &EMPTY[2..]);
        for text in ["", short, &long, &other, &wide, "sha256:e3b0"] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
