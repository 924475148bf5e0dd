//! Says why credentials are missing: one sentence to a plugin, all details to the log.
//!
//! What a provider says can hold anything: what a credential process wrote to stderr, paths of this
//! machine, names of roles. That is for whoever operates the host, so a plugin only gets the class.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use tracing::{debug, warn};

use crate::text;

/// Why credentials are missing, as far as a plugin may know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCredentials {
    #[error(
        "no credentials found in the environment, in a profile, or by a role of this machine; \
         sign in, or name a profile"
    )]
    NotFound,
    #[error("no credentials: {0}; the host's log says why")]
    Failed(Class),
    #[error(
        "no credentials: the lookup took longer than {} s (`Limits::credentials_timeout`)",
        .0.as_secs_f64()
    )]
    Timeout(Duration),
    #[error("no credentials: the lookup was broken off; try again")]
    BrokenOff,
    #[error("the AWS credentials have expired; renew them where the host gets them from")]
    Expired,
}

/// What kind of failure a lookup ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The source that is configured has none.
    NotLoaded,
    /// The source didn't answer in its own time.
    TimedOut,
    /// The AWS configuration of the host isn't right.
    Configuration,
    /// The source failed.
    Provider,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotLoaded => "the host's AWS configuration leads to none",
            Self::TimedOut => "their source didn't answer in time",
            Self::Configuration => "the host's AWS configuration isn't right",
            Self::Provider => "their source failed",
        })
    }
}

impl From<CredentialsError> for NoCredentials {
    /// Logs the details, and keeps the class.
    fn from(error: CredentialsError) -> Self {
        let message = with_causes(&error);
        let reason = text::escaped(&message, text::LINE_BYTES);
        let class = match &error {
            // The default chain lists, line by line, each provider that has none.
            CredentialsError::CredentialsNotLoaded(_) if message.contains('\n') => {
                debug!(%reason, "no AWS credentials found");
                return Self::NotFound;
            }
            CredentialsError::CredentialsNotLoaded(_) => Class::NotLoaded,
            CredentialsError::ProviderTimedOut(_) => Class::TimedOut,
            CredentialsError::InvalidConfiguration(_) => Class::Configuration,
            _ => Class::Provider,
        };
        warn!(%reason, "the lookup of AWS credentials failed: {class}");
        Self::Failed(class)
    }
}

/// An error's message with those of its causes, in one line, as `{:#}` prints an `anyhow::Error`;
/// but a cause that the message ends with already isn't repeated.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_message = cause.to_string();
        if !message.ends_with(&cause_message) {
            message = format!("{message}: {cause_message}");
        }
        source = cause.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_gets_the_class_and_nothing_of_what_the_provider_said() {
        let said = "exit status 1, stderr: token for /home/ops\u{1b}[2J";
        for (error, expected) in [
            (CredentialsError::not_loaded(said), "leads to none"),
            (
                CredentialsError::provider_timed_out(Duration::from_secs(1)),
                "didn't answer in time",
            ),
            (CredentialsError::invalid_configuration(said), "isn't right"),
            (
                CredentialsError::provider_error(said),
                "their source failed",
            ),
            (CredentialsError::unhandled(said), "their source failed"),
        ] {
            let message = NoCredentials::from(error).to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("token"), "{message}");
        }
    }
}
