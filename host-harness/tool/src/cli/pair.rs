//! `KEY=VALUE` on the command line.
//!
//! clap has no such type: its examples split the text by hand too.

use std::str::FromStr;

/// `KEY=VALUE`. The value may be empty and may hold further equals signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// `KEY` or `KEY=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OptionalPair {
    pub(crate) key: String,
    pub(crate) value: Option<String>,
}

/// Why a text is not a pair.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PairError {
    #[error("there is no `=` in it; for an empty value write `{0}=`")]
    NoEqualsSign(String),
    #[error("there is nothing before the `=`")]
    NoKey,
}

impl FromStr for Pair {
    type Err = PairError;

    fn from_str(text: &str) -> Result<Self, PairError> {
        let OptionalPair { key, value } = text.parse()?;
        match value {
            Some(value) => Ok(Self { key, value }),
            None => Err(PairError::NoEqualsSign(key)),
        }
    }
}

impl FromStr for OptionalPair {
    type Err = PairError;

    fn from_str(text: &str) -> Result<Self, PairError> {
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, Some(value.to_owned())),
            None => (text, None),
        };
        if key.is_empty() {
            Err(PairError::NoKey)
        } else {
            Ok(Self {
                key: key.to_owned(),
                value,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_separates_key_and_value() {
        let pair: Pair = "Uri=s3://bucket/a=b".parse().unwrap();
        assert_eq!(
            (pair.key.as_str(), pair.value.as_str()),
            ("Uri", "s3://bucket/a=b")
        );
    }

    #[test]
    fn a_value_may_be_empty_but_a_key_may_not() {
        assert_eq!(
            "Uri=".parse(),
            Ok(Pair {
                key: "Uri".into(),
                value: String::new()
            })
        );
        assert_eq!("=x".parse::<Pair>(), Err(PairError::NoKey));
    }

    #[test]
    fn only_an_optional_pair_may_lack_its_value() {
        assert_eq!(
            "Uri".parse(),
            Ok(OptionalPair {
                key: "Uri".into(),
                value: None
            })
        );
        assert_eq!(
            "Uri".parse::<Pair>(),
            Err(PairError::NoEqualsSign("Uri".into()))
        );
    }
}
