//! What kinds of findings there are.

use std::borrow::Cow;

/// What kind of finding it is: a word of `finding.code`, which never changes. With the finding's field,
/// it tells a host all that it needs for words of its own. The limits of an attribute are in its
/// definition, and the values and names that were found wrong are in the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingCode {
    /// `Empty`: a text without a character, where one is needed.
    Empty,
    /// `TooShort`: a text with too few characters.
    TooShort,
    /// `TooLong`: a text with too many characters.
    TooLong,
    /// `TooMany`: a list with too many entries.
    TooMany,
    /// `Duplicate`: a name that is there more than once.
    Duplicate,
    /// `InvalidCharacters`: a character that is not allowed, or not at its place.
    InvalidCharacters,
    /// `MultipleLines`: more than one line.
    MultipleLines,
    /// `NotAnInteger`: not a whole number.
    NotAnInteger,
    /// `NotANumber`: not a number.
    NotANumber,
    /// `NotABoolean`: neither `true` nor `false`.
    NotABoolean,
    /// `NotAUrl`: not a base URL for requests.
    NotAUrl,
    /// `OutOfRange`: a number that is too small or too large.
    OutOfRange,
    /// `NotAllowed`: not one of the values that are allowed.
    NotAllowed,
    /// `Missing`: not given, but needed.
    Missing,
    /// `NotDeclared`: a parameter that the platform's job does not declare.
    NotDeclared,
    /// `UnknownAttribute`: an attribute that has no definition. It is ignored.
    UnknownAttribute,
    /// `NotTogether`: given beside something that it excludes.
    NotTogether,
    /// A kind of the job type's own, in the same style: words in PascalCase.
    Own(&'static str),
}

impl FindingCode {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::TooShort => "TooShort",
            Self::TooLong => "TooLong",
            Self::TooMany => "TooMany",
            Self::Duplicate => "Duplicate",
            Self::InvalidCharacters => "InvalidCharacters",
            Self::MultipleLines => "MultipleLines",
            Self::NotAnInteger => "NotAnInteger",
            Self::NotANumber => "NotANumber",
            Self::NotABoolean => "NotABoolean",
            Self::NotAUrl => "NotAUrl",
            Self::OutOfRange => "OutOfRange",
            Self::NotAllowed => "NotAllowed",
            Self::Missing => "Missing",
            Self::NotDeclared => "NotDeclared",
            Self::UnknownAttribute => "UnknownAttribute",
            Self::NotTogether => "NotTogether",
            Self::Own(word) => word,
        }
    }
}

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is.
    pub code: FindingCode,
    /// For a person: a sentence without its subject.
    pub message: Cow<'static, str>,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(code: FindingCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
