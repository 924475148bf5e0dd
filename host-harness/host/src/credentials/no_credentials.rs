//! Why there are no credentials, in one sentence for a person.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use tracing::debug;

/// Why there are no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCredentials {
    #[error(
        "no credentials found in the environment, in a profile, or by a role of this machine; \
         sign in, or name a profile"
    )]
    NotFound,
    #[error("the lookup of AWS credentials failed: {0}; check the AWS configuration of the host")]
    Failed(String),
    #[error(
        "the lookup of AWS credentials took longer than {} s (`Limits::credentials_timeout`)",
        .0.as_secs_f64()
    )]
    Timeout(Duration),
    #[error("the lookup of AWS credentials was broken off; try again")]
    BrokenOff,
    #[error("the AWS credentials have expired; renew them where the host gets them from")]
    Expired,
}

impl From<CredentialsError> for NoCredentials {
    fn from(error: CredentialsError) -> Self {
        let message = with_causes(&error);
        // The default chain lists, line by line, each provider that has none.
        if message.contains('\n') && matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
            debug!(error = message, "no AWS credentials found");
            Self::NotFound
        } else {
            Self::Failed(message)
        }
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
