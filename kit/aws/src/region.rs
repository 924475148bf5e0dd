//! The name of a region.

/// A region's name, such as `eu-west-1`: lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Reads a name; `None` where it has other characters. The region need not exist.
    pub fn parse(text: &str) -> Option<Self> {
        is_region(text).then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[a-z0-9\-]+`
pub(crate) fn is_region(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_lower_case_words_with_hyphens() {
        assert_eq!(Region::parse("eu-west-1").unwrap().as_str(), "eu-west-1");
        for text in ["", "EU West", "eu_west", "é", "a.b", "a/"] {
            assert_eq!(Region::parse(text), None, "{text}");
        }
    }
}
