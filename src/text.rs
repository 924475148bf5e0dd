//! Texts of bounded length: messages and words, whatever SageMaker answers.

use job_type_kit::cut;

/// How many characters of a message are shown: those of the model's longest text for people. An answer
/// has a thousand runs.
const OF_MESSAGE: usize = 3_072;

/// How many characters of a name or a word are shown. No name or word of the model is longer.
const OF_WORD: usize = 256;

/// A message or a reason. An ellipsis stands for what is too long.
pub fn message(text: String) -> String {
    cut(text, OF_MESSAGE)
}

/// A name, or a word for a kind or a status. An ellipsis stands for what is too long.
pub fn word(text: String) -> String {
    cut(text, OF_WORD)
}
