//! The SHA-256 of a component's file: which code it is, whatever it says of itself.

use std::fmt;
use std::str::FromStr;

use sha2::Sha256;

const BYTES: usize = 32;

/// The SHA-256 of a component's file. Written and read as 64 hexadecimal digits, as `sha256sum`
/// prints it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; BYTES]);

/// Text that is no SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no SHA-256: it has 64 hexadecimal digits, as `sha256sum` prints them")]
pub struct InvalidDigest(String);

impl Digest {
    /// The digest of a file's bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(<Sha256 as sha2::Digest>::digest(bytes).into())
    }

    /// The first 12 digits, for people to tell builds apart.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
        let invalid = || InvalidDigest(text.to_owned());
        let mut digest = [0; BYTES];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != BYTES || !rest.is_empty() {
            return Err(invalid());
        }
        for (byte, pair) in digest.iter_mut().zip(pairs) {
            let [high, low] = pair.map(|digit| char::from(digit).to_digit(16));
            let value = high.zip(low).map(|(high, low)| high << 4 | low);
            *byte = value
                .and_then(|value| u8::try_from(value).ok())
                .ok_or_else(invalid)?;
        }
        Ok(Self(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn it_is_written_and_read_as_sha256sum_prints_it() {
        assert_eq!(Digest::of(b"").to_string(), OF_NOTHING);
        assert_eq!(Digest::of(b"").short(), "e3b0c44298fc");
        assert_eq!(OF_NOTHING.parse(), Ok(Digest::of(b"")));
        assert_eq!(OF_NOTHING.to_uppercase().parse(), Ok(Digest::of(b"")));
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        let short = &OF_NOTHING[1..];
        let long = format!("{OF_NOTHING}0");
        let other = OF_NOTHING.replace('e', "g");
        let wide = format!("{}é", &OF_NOTHING[2..]);
        for text in ["", short, &long, &other, &wide, "sha256:e3b0"] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
