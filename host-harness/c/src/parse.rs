//! Reads the JSON that an embedder gives.

use serde::Deserialize;

use crate::errors::Failure;

/// Reads a document. `what` names it in the error.
///
/// # Errors
/// It isn't JSON, or not as it has to be.
pub(crate) fn json<'de, T: Deserialize<'de>>(text: &'de str, what: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::invalid(
            format!("{what} can't be read: {}", without_value(&error)),
            "The documentation of libpolysync_host has the form of each document.",
        )
    })
}

/// What is wrong, without the value that is: a log or a page must not have a secret that stands in the wrong
/// place.
fn without_value(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let is_of_value = ["invalid type: ", "invalid value: "]
        .iter()
        .any(|it| text.starts_with(it));
    match text.rsplit_once(", expected ") {
        Some((_, expected)) if is_of_value => {
            format!("a value is not what it has to be: {expected}")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_place_and_not_the_value() {
        let error =
            json::<Vec<u8>>("[1,\n\"hunter2, expected x\"]", "the list").expect_err("it is text");
        let told = error.to_json();
        assert!(told.contains("u8 at line 2"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
