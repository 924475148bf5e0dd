//! Names and sentences in the style of each language.

/// `run-id` → `RunId`
pub(crate) fn pascal(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

/// `run-id` → `runId`
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &capitalized(word))
}

/// `run-id` → `run_id`
pub(crate) fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// `run-id` → `RUN_ID`
pub(crate) fn screaming(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The lines of a text, so that none has more than `width` characters, unless a word has.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is always one");
        if last.is_empty() {
            last.push_str(word);
        } else if last.chars().count() + 1 + word.chars().count() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_style_of_each_language() {
        assert_eq!(pascal("next-cursor"), "NextCursor");
        assert_eq!(camel("next-cursor"), "nextCursor");
        assert_eq!(snake("next-cursor"), "next_cursor");
        assert_eq!(screaming("not-found"), "NOT_FOUND");
    }

    #[test]
    fn lines_are_no_longer_than_they_may_be() {
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrapped("", 7), [""]);
    }
}
