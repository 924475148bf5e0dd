//! Credentials that the embedder has: from a vault of its own, or by its own SDK.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use polysync_host::contract::json::time;
use serde::Deserialize;

use crate::event::Event;
use crate::questions::Questions;

/// Asks the embedder.
#[derive(Debug)]
pub(crate) struct EmbeddersCredentials {
    pub(crate) questions: Arc<Questions>,
    /// The name that the embedder gave the connection.
    pub(crate) connection: String,
}

/// The answer to the event `credentials-asked`.
#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(crate) enum Answer {
    Found {
        access_key_id: String,
        secret_access_key: String,
        #[serde(default)]
        session_token: Option<String>,
        /// When they end to be valid; RFC 3339.
        #[serde(default, with = "time")]
        expires_at: Option<u64>,
    },
    Missing {
        /// Why there are none. It goes to the log and not to the plugin.
        error: String,
    },
}

impl ProvideCredentials for EmbeddersCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.ask())
    }
}

impl EmbeddersCredentials {
    async fn ask(&self) -> Result<Credentials, CredentialsError> {
        let connection = self.connection.as_str();
        let asked = self.questions.ask(|question| Event::CredentialsAsked {
            question,
            connection,
        });
        let answer = asked
            .await
            .ok_or_else(|| CredentialsError::provider_error("the host was closed"))?;
        match serde_json::from_str(&answer) {
            Ok(Answer::Found {
                access_key_id,
                secret_access_key,
                session_token,
                expires_at,
            }) => Ok(Credentials::new(
                access_key_id,
                secret_access_key,
                session_token,
                expires_at.and_then(|time| UNIX_EPOCH.checked_add(Duration::from_millis(time))),
                "embedder",
            )),
            Ok(Answer::Missing { error }) => Err(CredentialsError::provider_error(error)),
            // The text may hold a secret.
            Err(_) => Err(CredentialsError::provider_error(
                "the embedder's answer is neither credentials nor an error",
            )),
        }
    }
}
