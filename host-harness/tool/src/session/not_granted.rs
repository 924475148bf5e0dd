//! The failure of a command whose plugin asks for something that nobody has granted.

use std::fmt::Write;

use polysync_host::GrantRequest;

use crate::invocation::quote;

/// What isn't granted, and how to grant it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct NotGranted {
    message: String,
    /// Names the options to add.
    pub(crate) hint: String,
}

impl NotGranted {
    /// For a plugin, as it is named to people, and what it asks for, which nobody could be asked about.
    pub(crate) fn undecided(plugin: &str, requests: &[GrantRequest]) -> Self {
        Self::new(
            format!("{plugin} asks for what nobody has granted:"),
            "run it once in a terminal to be asked, or add --allow-needs to accept all of this, \
             or grant it by name, all of it or less:",
            requests,
        )
    }

    /// The same for what a person has just declined.
    pub(crate) fn declined(plugin: &str, requests: &[GrantRequest]) -> Self {
        Self::new(
            format!("you did not allow what {plugin} asks for:"),
            "your answer is not kept; to allow a part of this, grant it by name:",
            requests,
        )
    }

    fn new(mut message: String, advice: &str, requests: &[GrantRequest]) -> Self {
        let mut options = Vec::new();
        for request in requests {
            let _ = write!(message, "\n{request}");
            let option = match request.capability() {
                "http" => "--grant",
                _ => "--grant-service",
            };
            options.push(format!("{option} {}", quote(&request.value())));
        }
        // A line for each, to read and to copy.
        let hint = format!("{advice}\n{}", options.join(" \\\n"));
        Self { message, hint }
    }
}
