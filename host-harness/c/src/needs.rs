//! What a plugin asks for, and what it is granted, in JSON.

use polysync_host::{GrantRequests, Grants};
use serde::{Deserialize, Serialize};

use crate::errors::Failure;

/// One thing that a plugin asks for.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NeedView {
    capability: String,
    value: String,
    /// Why it can't be accepted, if so.
    refused: Option<String>,
}

/// What a plugin asks for. Nothing of it is granted by being here.
pub(crate) fn views(requests: &GrantRequests) -> Vec<NeedView> {
    let valid = requests.valid().iter().map(|request| NeedView {
        capability: request.capability().to_owned(),
        value: request.value(),
        refused: None,
    });
    let refused = requests.refused().iter().map(|request| NeedView {
        capability: request.capability().to_owned(),
        value: request.value().to_owned(),
        refused: Some(request.reason()),
    });
    valid.chain(refused).collect()
}

/// What an operator grants.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct GrantsView {
    /// Origins such as `https://api.example.com`.
    http: Vec<String>,
    /// Signing names of AWS such as `sagemaker`.
    aws_signing: Vec<String>,
}

impl GrantsView {
    /// Whether it lets a plugin sign requests.
    pub(crate) fn has_signing(&self) -> bool {
        !self.aws_signing.is_empty()
    }

    /// The grants.
    ///
    /// # Errors
    /// The first that isn't one.
    pub(crate) fn read(&self) -> Result<Grants, Failure> {
        let mut grants = Grants::none();
        let wrong = |error: polysync_host::GrantError| {
            Failure::invalid(error.to_string(), "Correct the grant in the request.")
        };
        for origin in &self.http {
            grants = grants.allow_http(origin.parse().map_err(wrong)?);
        }
        for service in &self.aws_signing {
            grants = grants.allow_signing(service).map_err(wrong)?;
        }
        Ok(grants)
    }
}
