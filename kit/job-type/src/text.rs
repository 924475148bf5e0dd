//! Texts that may be missing.

/// The text, unless it is empty or only blanks.
pub fn non_blank<T: AsRef<str>>(text: Option<T>) -> Option<T> {
    text.filter(|text| !text.as_ref().trim().is_empty())
}
