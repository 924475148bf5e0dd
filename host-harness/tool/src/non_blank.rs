//! Text that says something: an empty value means the same as none.

/// The text, unless there is none or only white space in it.
pub(crate) fn non_blank(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_as_good_as_none() {
        assert_eq!(non_blank(Some(" x ")), Some(" x "));
        assert_eq!(non_blank(Some(" ")), None);
        assert_eq!(non_blank(Some("")), None);
        assert_eq!(non_blank(None), None);
    }
}
