//! Texts that count as missing where they are blank.

/// The text, unless it is empty or consists of white space.
pub fn non_blank<T: AsRef<str>>(text: Option<T>) -> Option<T> {
    text.filter(|text| !text.as_ref().trim().is_empty())
}
