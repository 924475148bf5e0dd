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
    /// For a plugin, as it is named to people, and what it asks for in vain.
    pub(crate) fn new(plugin: &str, requests: &[GrantRequest]) -> Self {
        let mut message = format!("{plugin} asks for what nobody has granted:");
        let mut options = String::new();
        for request in requests {
            let _ = write!(message, "\n{request}");
            let option = match request.capability() {
                "http" => "--grant",
                _ => "--grant-service",
            };
            let _ = write!(options, " {option} {}", quote(&request.value()));
        }
        let hint = format!(
            "run it once in a terminal to be asked, or add --allow-needs to accept all of this, \
             or grant it by name, all of it or less:\n{}",
            options.trim_start()
        );
        Self { message, hint }
    }
}
